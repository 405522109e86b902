import type {
  ClaimedEffect,
  ClaimedRow,
  Continuation,
  EffectKind,
  EffectResult,
  QueueName,
} from '../domain/effect/effect.ts';
import { rejected, retry, unknown, type Outcome } from '../domain/effect/outcome.ts';
import { Interrupted, LifeboatError, messageOf, NotAttempted } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { NOTHING } from '../domain/effect/decision.ts';
import type { OutcomeMeaning, OutcomeReport } from '../domain/effect/report.ts';
import type { Job, JobContext } from '../ports/job.ts';
import { isOfDatabase } from '../postgres/db.ts';
import { isFresh, LEASE_MS, Leases } from './leases.ts';
import type { Listener } from './listener.ts';
import { QUEUES } from './queues.ts';
import { serveQueue, type OutboxPools, type ServedQueue } from './served-queue.ts';
import { giveBack } from './sql/effects.ts';
import type { Transport } from './transport.ts';
import { untilWritten, WRITE_PATIENCE, type WritePatience } from './until-written.ts';

export interface WorkerOptions {
  pools: OutboxPools;
  transport: Transport;
  listener: Listener;
  jobs: Job[];
  /** The jobs for one effect of a drill; none of them can reach the outside. */
  drillJobs: (row: ClaimedRow) => Job[];
  /** What this process works on. */
  queues: readonly QueueName[];
  /** How many effects of a queue are worked on at a time, where that differs from the queue's rule. */
  limits?: Partial<Record<QueueName, number>>;
  /** The sites whose steps this process may run besides those that name none. */
  sites?: string[];
  /** Unique for each process and start: a lease belongs to exactly one. */
  name: string;
  log: Log;
  /** Throws where the payload is none of its kind; called once for each attempt. */
  parse(row: ClaimedRow): ClaimedEffect;
  /** Writes an outcome in the usual way. */
  record(report: OutcomeReport): Promise<string>;
  /** Hears of each outcome with its milliseconds, for the metrics. */
  observe(kind: EffectKind, outcome: Outcome<unknown>['kind'], ms: number): void;
  /** How long an outcome is kept while the database is away. */
  patience?: WritePatience;
}

export interface EffectWorker {
  readonly active: number;
  /** For verbs in this process: steps that they make ready begin here without the way through the queue. */
  readonly continuation: Continuation;
  /** Takes the steps of these sites from now on. */
  serveSites(sites: string[]): void;
  /** Stops taking work, waits at most `grace_ms` for what is under way, then calls it back. */
  stop(grace_ms: number): Promise<void>;
}

/** How many steps one process works on at a time when it continues by itself with what it made ready. */
const MAX_CONTINUED = 50;

/** Claims effects as the queue delivers them, runs their jobs and has the outcomes written. */
export function startWorker(options: WorkerOptions): EffectWorker {
  const { pools, transport, listener, name, log, patience = WRITE_PATIENCE } = options;
  const pool = pools.engine;
  let sites = options.sites ?? [];
  const jobs = new Map(options.jobs.map((job) => [job.kind, job]));
  const jobOf = (row: ClaimedRow): Job | undefined =>
    row.mode === 'live' ? jobs.get(row.kind) : options.drillJobs(row).find(({ kind }) => kind === row.kind);
  const leases = new Leases(pool, name, log);
  const underWay = new Set<Promise<void>>();
  let stopping = false;
  // What one decision continues with is asked for at a stretch, before any of it is held.
  let promised = 0;
  const continuation: Continuation = {
    worker: name,
    lease_ms: LEASE_MS,
    accepts: (intent) => {
      if (stopping || intent.kind !== 'step.run' || !options.queues.includes(intent.queue)) return false;
      if (intent.site !== undefined && !sites.includes(intent.site)) return false;
      if (leases.size + promised >= MAX_CONTINUED) return false;
      if (promised === 0) queueMicrotask(() => (promised = 0));
      promised += 1;
      return true;
    },
    begin: (effects, since) => {
      continueWith(effects, since);
    },
  };

  /**
   * Begins what a transaction claimed for this worker after `since`. While the process stops, and when the commit took so
   * long that the lease may be gone, it goes back, surely not begun.
   */
  const continueWith = (effects: ClaimedRow[], since: number): void => {
    const mine = !stopping && isFresh(since);
    for (const effect of effects) void track(mine ? perform(effect, since) : giveUnbegunBack(effect));
  };
  const giveUnbegunBack = async (effect: ClaimedRow): Promise<void> => {
    await giveBack(pool, effect, name, { doubtful: false }).catch((error: unknown) => {
      log.warn({ err: error, effect: effect.key }, 'effect not given back');
    });
  };

  const track = (work: Promise<void>): Promise<void> => {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  };

  const perform = async (row: ClaimedRow, since: number): Promise<void> => {
    const job = jobOf(row);
    if (!job) throw new Error(`no job for ${row.kind}`);
    const signal = leases.hold(row, since);
    try {
      const work = workOn(job, row);
      const context = { signal, confirm: () => leases.confirm(row) };
      const outcome = await attempt(row, () => work.run(context), log);
      options.observe(row.kind, outcome.kind, performance.now() - since);
      if (outcome.kind !== 'done') log.info({ effect: row.key, outcome }, 'effect not done');
      // Interrupted work is left as a kill leaves it: whoever comes next looks first whether it happened.
      const interrupted = outcome.kind === 'unknown' && signal.reason instanceof Interrupted;
      const running = outcome.kind === 'unknown' && outcome.running === true;
      const { written, before } = await untilWritten(
        () => (interrupted ? giveBack(pool, row, name, { doubtful: true, running }) : work.write(outcome)),
        patience,
      );
      continueWith(written, before);
    } catch (error) {
      log.error({ err: error, effect: row.key }, 'outcome not written');
    } finally {
      leases.release(row);
    }
  };

  /** Binds a job to its parsed effect. A payload that is none of its kind is refused: it keeps nothing waiting. */
  const workOn = (job: Job, row: ClaimedRow): Work => {
    const record = async (outcome: Outcome<EffectResult>, more?: Partial<OutcomeReport>): Promise<[]> => {
      const state = await options.record({
        ...{ effect: row, worker: name, outcome, pace_ms: job.pace_ms ?? 0 },
        ...more,
      });
      const { key, kind, incident_id: incident } = row;
      const reason = 'reason' in outcome ? outcome.reason : '';
      if (['failed', 'unknown'].includes(state))
        log.warn({ effect: key, kind, incident, state, reason }, 'effect given up');
      return [];
    };
    let effect: ClaimedEffect;
    try {
      effect = options.parse(row);
    } catch (error) {
      return { run: () => Promise.reject(new NotAttempted(messageOf(error), { cause: error })), write: record };
    }
    return {
      run: (context) => job.run(effect, context),
      write(outcome) {
        if (job.settle) return job.settle(effect, outcome, continuation);
        const meaning = (of: keyof OutcomeMeaning): OutcomeMeaning['after'] =>
          job[of] && ((incident, now) => job[of]?.(incident, effect, outcome, now) ?? NOTHING);
        const [after, failed, meanwhile] = [meaning('after'), meaning('failed'), meaning('meanwhile')];
        return record(outcome, { after, failed, meanwhile, ...(job.paces && { paced_key: job.paces(effect) }) });
      },
    };
  };

  const served: ServedQueue[] = options.queues.map((queue) =>
    serveQueue({
      ...{ queue, pools, transport, listener, log, kinds: [...jobs.keys()], worker: name },
      limit: options.limits?.[queue] ?? QUEUES[queue].limit,
      sites: () => sites,
      perform: (effect, since) => track(stopping ? giveUnbegunBack(effect) : perform(effect, since)),
    }),
  );
  return {
    continuation,
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

/** One attempt at an effect, and how its outcome is written. */
interface Work {
  run(context: JobContext): Promise<Outcome<EffectResult>>;
  write(outcome: Outcome<EffectResult>): Promise<ClaimedRow[]>;
}

/** A job that throws has done nobody knows what, unless it says that nothing was sent. */
async function attempt(
  { kind, key }: ClaimedRow,
  run: () => Promise<Outcome<EffectResult>>,
  log: Log,
): Promise<Outcome<EffectResult>> {
  try {
    return await run();
  } catch (error) {
    const reason = `${kind}: ${messageOf(error)}`;
    if (!(error instanceof NotAttempted)) return unknown(reason);
    if (isOfDatabase(error.cause)) return retry(reason);
    // The same again would fail the same way, and everything behind it would wait for a day.
    log.error({ err: error.cause, effect: key }, 'effect cannot be done');
    return rejected(error.cause instanceof LifeboatError ? error.message : `an error in Lifeboat: ${error.message}`);
  }
}
