import type { QueueName } from '../domain/effect/effect.ts';
import type { Listener } from '../postgres/listener.ts';

/** What Lifeboat's own statements notify, with `queue/site`. */
const EFFECTS = 'lifeboat_effect';
/** What BullMQ's functions in PostgreSQL notify, with the queue's name. */
const JOBS = 'bullmq_jobs';

type Hears = (site: string) => void;

/** Who is to be woken for which queue, over the process's one listening connection. */
export interface WakeUps {
  /** Calls `hears` when effects of the queue may be due, with their site ('' for any). */
  on(queue: QueueName, hears: Hears): void;
  /** Calls `hears` when BullMQ has a job in one of its own queues on PostgreSQL. */
  onJob(queue: string, hears: () => void): void;
}

/** Sorts what is heard by queue; after a new connection everybody looks. */
export function wakeUpsFrom(listener: Listener): WakeUps {
  const queues = new Map<string, Hears[]>();
  const jobs = new Map<string, (() => void)[]>();
  listener.on(EFFECTS, (payload) => {
    const [queue = '', site = ''] = payload.split('/');
    const concerned = payload === '' ? [...queues.values()].flat() : (queues.get(queue) ?? []);
    for (const hears of concerned) hears(site);
  });
  listener.on(JOBS, (queue) => {
    const concerned = queue === '' ? [...jobs.values()].flat() : (jobs.get(queue) ?? []);
    for (const hears of concerned) hears();
  });
  return {
    on: (queue, hears) => void queues.set(queue, [...(queues.get(queue) ?? []), hears]),
    onJob: (queue, hears) => void jobs.set(queue, [...(jobs.get(queue) ?? []), hears]),
  };
}
