import pg from 'pg';
import { pino } from 'pino';
import { loadEstate } from '../../src/estate/load.ts';
import type {
  ClaimedEffect,
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
import { startRelay, type Relay } from '../../src/outbox/relay.ts';
import type { WritePatience } from '../../src/outbox/until-written.ts';
import { workerName } from '../../src/outbox/worker-name.ts';
import { startWorker, type EffectWorker } from '../../src/outbox/worker.ts';
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
  queue: 'chat',
  payload: {},
  ...more,
});

export interface EffectRow {
  id: string;
  key: string;
  state: string;
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
  relay: Relay;
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
  queues?: Partial<Record<QueueName, number>>;
  verbs?: Partial<VerbDeps>;
  name?: string;
  parse?: typeof parseEffect;
  /** Address of the database for the worker alone, when it shall have another way to it. */
  workerUrl?: string;
  /** How long the worker keeps an outcome while the database is away. */
  patience?: WritePatience;
  /** Where the worker's log goes; nowhere when absent. */
  log?: Log;
}

const QUEUES = { pages: 4, chat: 4, timers: 4, steps: 8 };

/** Relay, transport and worker as one process of Lifeboat has them. */
export async function launch({
  url,
  redisUrl,
  jobs,
  queues = QUEUES,
  workerUrl = url,
  ...more
}: BoatOptions): Promise<Boat> {
  const pool = testPool(workerUrl);
  const relayPool = testPool(url, 3);
  const errors: Error[] = [];
  const transport = await openTransport({ databaseUrl: url, redisUrl, onError: (_queue, error) => errors.push(error) });
  const relay = startRelay(relayPool, url, transport, silent);
  const name = more.name ?? workerName();
  const verbs: VerbDeps = { pool, estate: () => ({}) as Estate, ...more.verbs };
  const worker = startWorker({
    pool,
    transport,
    jobs,
    queues,
    name,
    log: more.log ?? silent,
    ...(more.patience && { patience: more.patience }),
    parse: more.parse ?? ((row) => row as ClaimedEffect), // jobs that only note need no real payloads
    record: (report) => recordOutcome(verbs, report),
    observe: () => undefined,
  });
  let stopped: Promise<void> | undefined;
  return {
    worker,
    relay,
    transport,
    pool,
    name,
    errors,
    stop: (grace_ms = 5000) =>
      (stopped ??= (async () => {
        await relay.stop();
        await worker.stop(grace_ms);
        await transport.stop();
        await pool.end();
        await relayPool.end();
      })()),
  };
}
