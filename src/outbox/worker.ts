import type { ClaimedEffect, EffectKind, Hands, QueueName } from '../domain/effect/effect.ts';
import type { Json } from '../domain/json.ts';
import { rejected, retry, unknown, type Outcome } from '../domain/effect/outcome.ts';
import { Interrupted, LifeboatError, messageOf, NotAttempted } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { Job } from '../ports/job.ts';
import { isAway, isLostRace, isOfDatabase } from '../postgres/db.ts';
import { LEASE_MS, Leases } from './leases.ts';
import type { Listener } from './listener.ts';
import { QUEUES } from './queues.ts';
import { serveQueue, type OutboxPools, type ServedQueue } from './served-queue.ts';
import { giveBack } from './sql/effects.ts';
import type { Transport } from './transport.ts';

export interface WorkerOptions {
  pools: OutboxPools;
  transport: Transport;
  listener: Listener;
  jobs: Job[];
  /** What this process works on. */
  queues: readonly QueueName[];
  /** How many effects of a queue are worked on at a time, where that differs from the queue's rule. */
  limits?: Partial<Record<QueueName, number>>;
  /** The sites whose steps this process may run besides those that name none. */
  sites?: string[];
  /** Unique for each process and start: a lease belongs to exactly one. */
  name: string;
  log: Log;
  /** Writes an outcome in the usual way. */
  record(job: Job, effect: ClaimedEffect, outcome: Outcome<Json>, worker: string): Promise<string>;
  /** Hears of each outcome with its milliseconds, for the metrics. */
  observe(kind: EffectKind, outcome: Outcome<Json>['kind'], ms: number): void;
}

export interface EffectWorker {
  readonly active: number;
  /** For verbs in this process: steps that they make ready begin here without the way through the queue. */
  readonly hands: Hands;
  /** Takes the steps of these sites from now on. */
  serveSites(sites: string[]): void;
  /** Stops taking work, waits at most `grace_ms` for what is under way, then calls it back. */
  stop(grace_ms: number): Promise<void>;
}

/** How many steps one process works on at a time when it goes on by itself with what it made ready. */
const MAX_TAKEN = 50;

/** A database that is away for longer than this has taken the lease with it, in ms. */
const WRITE_PATIENCE_MS = 60_000;

/** Claims effects as the queue delivers them, runs their jobs and has the outcomes written. */
export function startWorker(options: WorkerOptions): EffectWorker {
  const { pools, transport, listener, name, log } = options;
  const pool = pools.engine;
  let sites = options.sites ?? [];
  const jobs = new Map(options.jobs.map((job) => [job.kind, job]));
  const leases = new Leases(pool, name, log);
  const underWay = new Set<Promise<void>>();
  let stopping = false;
  // What one decision takes over is asked for at a stretch, before any of it is held.
  let promised = 0;
  const hands: Hands = {
    worker: name,
    lease_ms: LEASE_MS,
    wants: (intent) => {
      if (stopping || intent.kind !== 'step.run' || !options.queues.includes(intent.queue)) return false;
      if (intent.site !== undefined && !sites.includes(intent.site)) return false;
      if (leases.size + promised >= MAX_TAKEN) return false;
      if (promised === 0) queueMicrotask(() => (promised = 0));
      promised += 1;
      return true;
    },
    adopt: (effects) => {
      goOn(effects, performance.now());
    },
  };

  /** Begins what a transaction took over; while the process stops it goes back, surely not begun. */
  const goOn = (effects: ClaimedEffect[], since: number): void => {
    for (const effect of effects) void track(stopping ? handBack(effect) : perform(effect, since));
  };
  const handBack = async (effect: ClaimedEffect): Promise<void> => {
    await giveBack(pool, effect, name, false).catch((error: unknown) => {
      log.warn({ err: error, effect: effect.key }, 'effect not given back');
    });
  };

  const track = (work: Promise<void>): Promise<void> => {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  };

  const perform = async (effect: ClaimedEffect, since: number): Promise<void> => {
    const job = jobs.get(effect.kind);
    if (!job) throw new Error(`no job for ${effect.kind}`);
    const signal = leases.hold(effect, since);
    try {
      const outcome = await attempt(job, effect, signal, log);
      options.observe(effect.kind, outcome.kind, performance.now() - since);
      if (outcome.kind !== 'done') log.info({ effect: effect.key, outcome }, 'effect not done');
      // Interrupted work is left as a kill leaves it: whoever comes next looks first whether it happened.
      const interrupted = outcome.kind === 'unknown' && signal.reason instanceof Interrupted;
      const { taken, before } = await untilWritten(
        () => (interrupted ? giveBack(pool, effect, name, true) : write(job, effect, outcome)),
        since,
      );
      goOn(taken, before);
    } catch (error) {
      log.error({ err: error, effect: effect.key }, 'outcome not written');
    } finally {
      leases.release(effect);
    }
  };

  const write = async (job: Job, effect: ClaimedEffect, outcome: Outcome<Json>): Promise<ClaimedEffect[]> => {
    if (job.settle) return job.settle(effect, outcome, hands);
    await options.record(job, effect, outcome, name);
    return [];
  };

  const served: ServedQueue[] = options.queues.map((queue) =>
    serveQueue({
      ...{ queue, pools, transport, listener, log, kinds: [...jobs.keys()], worker: name },
      limit: options.limits?.[queue] ?? QUEUES[queue].limit,
      sites: () => sites,
      perform: (effect, since) => track(stopping ? handBack(effect) : perform(effect, since)),
    }),
  );
  return {
    hands,
    serveSites(next) {
      sites = next;
      for (const each of served) each.wake();
    },
    get active() {
      return leases.size;
    },
    async stop(grace_ms) {
      stopping = true;
      await Promise.all(served.map((each) => each.stop()));
      const timer = setTimeout(() => leases.abortAll('Lifeboat is stopping'), grace_ms);
      while (underWay.size > 0) await Promise.allSettled([...underWay]);
      clearTimeout(timer);
      leases.stop();
    },
  };
}

/** A job that throws has done nobody knows what, unless it says that nothing was sent. */
async function attempt(job: Job, effect: ClaimedEffect, signal: AbortSignal, log: Log): Promise<Outcome<Json>> {
  try {
    return await job.run(effect, { signal });
  } catch (error) {
    const reason = `${job.kind}: ${messageOf(error)}`;
    if (!(error instanceof NotAttempted)) return unknown(reason);
    if (isOfDatabase(error.cause)) return retry(reason);
    // The same again would fail the same way, and everything behind it in its lane would wait for a day.
    log.error({ err: error.cause, effect: effect.key }, 'effect cannot be done');
    return rejected(error.cause instanceof LifeboatError ? error.message : `an error in Lifeboat: ${error.message}`);
  }
}

/** Repeats a write while the database is away, for as long as the lease could still be ours. */
async function untilWritten(
  write: () => Promise<ClaimedEffect[]>,
  since: number,
): Promise<{ taken: ClaimedEffect[]; before: number }> {
  for (;;) {
    const before = performance.now();
    try {
      return { taken: await write(), before };
    } catch (error) {
      const again = isAway(error) || isLostRace(error);
      if (!again || performance.now() - since > WRITE_PATIENCE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
