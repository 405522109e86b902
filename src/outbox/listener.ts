import pg from 'pg';
import type { QueueName } from '../domain/effect/effect.ts';
import type { Log } from '../runtime/log.ts';

const RECONNECT_MS = 250;
/** A connection whose other end lost its power hears nothing, and TCP alone says so after hours, in ms. */
const PING_MS = 5000;

/** What BullMQ's functions in PostgreSQL notify, with the queue's name. */
const JOBS = 'bullmq_jobs';

type Hears = (site: string) => void;

/** One connection that hears NOTIFY for the whole process. */
export interface Listener {
  /** Calls `hears` when effects of the queue may be due, with their site ('' for any). */
  on(queue: QueueName, hears: Hears): void;
  /** Calls `hears` when BullMQ has a job in one of its own queues on PostgreSQL. */
  onJob(queue: string, hears: () => void): void;
  stop(): Promise<void>;
}

/** Listens for wake-ups, connecting again after each break; what is missed meanwhile the loops find by themselves. */
export function startListener(url: string, log: Log): Listener {
  const queues = new Map<string, Hears[]>();
  const jobs = new Map<string, (() => void)[]>();
  let stopped = false;
  let client: pg.Client | undefined;

  const connect = async (): Promise<void> => {
    if (stopped) return;
    const next = new pg.Client({
      connectionString: url,
      application_name: 'lifeboat-listener',
      keepAlive: true,
      connectionTimeoutMillis: PING_MS,
      query_timeout: PING_MS,
    });
    client = next;
    const again = (): void => {
      if (stopped || client !== next) return;
      client = undefined;
      next.end().catch(() => undefined);
      setTimeout(() => void connect(), RECONNECT_MS);
    };
    next.on('error', (error) => {
      log.debug({ err: error }, 'listener lost');
      again();
    });
    next.on('end', again);
    next.on('notification', ({ channel, payload = '' }) => {
      if (channel === JOBS) return jobs.get(payload)?.forEach((hears) => hears());
      const [queue = '', site = ''] = payload.split('/');
      for (const hears of queues.get(queue) ?? []) hears(site);
    });
    try {
      await next.connect();
      await next.query(`listen lifeboat_effect; listen ${JOBS}`);
      for (const hears of [...queues.values(), ...jobs.values()].flat()) hears('');
    } catch {
      again();
    }
  };
  const first = connect();
  const ping = setInterval(() => {
    const asked = client;
    asked?.query('select 1').catch((error: unknown) => asked.emit('error', error));
  }, PING_MS);
  return {
    on(queue, hears) {
      queues.set(queue, [...(queues.get(queue) ?? []), hears]);
    },
    onJob(queue, hears) {
      jobs.set(queue, [...(jobs.get(queue) ?? []), hears]);
    },
    async stop() {
      stopped = true;
      clearInterval(ping);
      await first;
      await client?.end().catch(() => undefined);
    },
  };
}
