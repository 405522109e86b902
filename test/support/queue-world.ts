import pg from 'pg';
import { pino } from 'pino';
import { loadEstate } from '../../src/estate/load.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type {
  ClaimedEffect,
  ClaimedRow,
  EffectIntent,
  EffectKind,
  EffectResult,
  parseEffect,
  QueueName,
} from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { done, type Outcome } from '../../src/domain/effect/outcome.ts';
import type { Job } from '../../src/ports/job.ts';
import type { Log } from '../../src/runtime/log.ts';
import { openTransport, type Transport } from '../../src/outbox/transport.ts';
import type { WritePatience } from '../../src/outbox/until-written.ts';
import { wakeUpsFrom } from '../../src/outbox/wake-ups.ts';
import { startListener } from '../../src/postgres/listener.ts';
import type { OutboxPools } from '../../src/outbox/served-queue.ts';
import { claimDue } from '../../src/outbox/sql/due.ts';
import { startSweep } from '../../src/outbox/sweep.ts';
import { workerName } from '../../src/outbox/worker-name.ts';
import { startWorker, type EffectWorker, type WorkerOptions } from '../../src/outbox/worker.ts';
import { openPool, transact } from '../../src/postgres/db.ts';
import { insertIncident, lockIncident } from '../../src/store/incident/incidents.ts';
import { persist } from '../../src/store/persist.ts';
import { recordOutcome } from '../../src/verbs/effect/record-outcome.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { waitFor } from './wait-for.ts';

const silent = pino({ level: process.env.TEST_LOG ?? 'silent' });

export async function smallEstate(): Promise<Estate> {
  const loaded = await loadEstate(new URL('estates/small.yaml', import.meta.url).pathname);
  if (!loaded.ok) throw new Error('the small estate does not load');
  return loaded.estate;
}

/** A promise that somebody else fulfils. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A pool of the size that the program uses; idle connections may break, as in the program. */
export const testPool = (url: string, max = 10): pg.Pool => openPool(url, max, () => undefined);

/** An open incident with nothing to do. */
export function plainIncident(pool: pg.Pool, title = 'Try the queue'): Promise<number> {
  return transact(pool, async (tx) => {
    const declaration = {
      title,
      severity: 'P1' as const,
      service: null,
      declared_by: 'slack:U01ANA',
      origin_channel: 'C1',
      mode: 'live' as const,
    };
    return (await insertIncident(tx, declaration, (id) => `dr-${id}`)).incident.id;
  });
}

/** Intends effects for an incident as a verb would. */
export async function intend(pool: pg.Pool, incident: number, effects: EffectIntent[]): Promise<void> {
  await transact(pool, async (tx) => {
    const locked = await lockIncident(tx, incident);
    if (!locked) throw new Error('no such incident');
    await persist(tx, locked.incident, { events: [], effects }, locked.now);
  });
}

export const effect = (key: string, more: Partial<EffectIntent> = {}): EffectIntent => ({
  key,
  kind: 'message.post',
  queue: 'steps',
  payload: {},
  ...more,
});

const NAMES = ['pages', 'escalation', 'chat', 'timers', 'steps'] as const;
const KINDS = ['message.post', 'card.render', 'pager.send', 'step.run', 'recovery.assess'];

/** Claims what is due now, as a worker of these sites would. */
export async function claimAll(
  pool: pg.Pool,
  { worker = 'w', lease_ms = 60_000, sites = [] as string[], limit = 500 } = {},
): Promise<ClaimedRow[]> {
  const claims = NAMES.map((queue) =>
    claimDue(pool, {
      ...{ queue, kinds: KINDS, worker, lease_ms, queued_ms: 0, limit },
      sites: new Map(['', ...sites].map((site) => [site, 0])),
    }),
  );
  return (await Promise.all(claims)).flatMap(({ claimed }) => claimed);
}

export interface EffectRow {
  id: string;
  key: string;
  state: string;
  payload: JsonObject;
  fence: number;
  attempts: number;
  handovers: number;
  worker: string | null;
  error: string | null;
  unknown_since: Date | null;
  due_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export async function effectsOf(pool: pg.Pool, where = 'true'): Promise<EffectRow[]> {
  return (await pool.query<EffectRow>(`select * from effect where ${where} order by id`)).rows;
}

export const untilDone = (pool: pg.Pool, what = 'every effect to be done', timeoutMs = 15_000): Promise<unknown> =>
  waitFor(
    what,
    async () => {
      const open = await effectsOf(pool, `state in ('pending', 'queued', 'running')`);
      if (open.length === 0) return true;
      throw new Error(
        open
          .map((row) => `${row.key} ${row.state} (${row.handovers})`)
          .slice(0, 5)
          .join(', '),
      );
    },
    { timeoutMs },
  );

/** A job that notes what it did. */
export function noting(
  kind: EffectKind,
  notes: string[],
  act: (effect: ClaimedEffect, signal: AbortSignal) => Outcome<EffectResult> | Promise<Outcome<EffectResult>> = () =>
    done(null),
  more: Partial<Job> = {},
): Job {
  return {
    kind,
    async run(effect, { signal }) {
      notes.push(effect.key);
      return act(effect, signal);
    },
    ...more,
  };
}

export interface Boat {
  worker: EffectWorker;
  transport: Transport;
  pool: pg.Pool;
  name: string;
  errors: Error[];
  stop(grace_ms?: number): Promise<void>;
}

export interface BoatOptions {
  url: string;
  redisUrl?: string | undefined;
  jobs: Job[];
  /** None for drills when absent. */
  drillJobs?: WorkerOptions['drillJobs'];
  /** What it works on, with how many at a time; all queues when absent. */
  queues?: Partial<Record<QueueName, number>>;
  sites?: string[];
  verbs?: Partial<VerbDeps>;
  name?: string;
  parse?: typeof parseEffect;
  /** The pools that the worker uses instead of one of its own. */
  pools?: OutboxPools;
  /** Address of the database for the worker alone, when it shall have another way to it. */
  workerUrl?: string;
  /** How long the worker keeps an outcome while the database is away. */
  patience?: WritePatience;
  /** Where the worker's log goes; nowhere when absent. */
  log?: Log;
}

const LIMITS = { pages: 4, escalation: 4, chat: 4, timers: 4, steps: 8 } as const;

/** Transport, loops and worker as one process of Lifeboat has them. */
export async function launch({
  url,
  redisUrl,
  jobs,
  queues = LIMITS,
  workerUrl = url,
  ...more
}: BoatOptions): Promise<Boat> {
  const pool = testPool(workerUrl);
  const sweepPool = testPool(url, 2);
  const errors: Error[] = [];
  const listener = startListener(url, () => undefined);
  const wakeUps = wakeUpsFrom(listener);
  const transport = await openTransport({
    ...{ databaseUrl: url, redisUrl, wakeUps },
    onError: (_queue, error) => errors.push(error),
  });
  const sweep = startSweep(sweepPool, silent);
  const name = more.name ?? workerName();
  const verbs: VerbDeps = { pool, estate: () => ({}) as Estate, ...more.verbs };
  const worker = startWorker({
    ...{ pools: more.pools ?? { engine: pool, urgent: pool }, transport, wakeUps, jobs, name },
    drillJobs: more.drillJobs ?? (() => []),
    queues: NAMES.filter((queue) => queues[queue] !== undefined),
    limits: queues,
    sites: more.sites ?? [],
    log: more.log ?? silent,
    ...(more.patience && { patience: more.patience }),
    parse: more.parse ?? ((row) => row as ClaimedEffect), // jobs that only note need no real payloads
    record: (report) => recordOutcome(verbs, report),
    observe: () => undefined,
  });
  let stopped: Promise<void> | undefined;
  return {
    worker,
    transport,
    pool,
    name,
    errors,
    stop: (grace_ms = 5000) =>
      (stopped ??= (async () => {
        await sweep.stop();
        await worker.stop(grace_ms);
        await transport.stop();
        await listener.stop();
        await Promise.all([pool.end(), sweepPool.end()]);
      })()),
  };
}
