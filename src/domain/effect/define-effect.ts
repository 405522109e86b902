import type * as z from 'zod';

/** Pages, and the timers that page, have queues of their own, so that they never wait behind anything else. */
export type QueueName = 'pages' | 'escalation' | 'chat' | 'timers' | 'steps';

/** How long an effect is tried, in ms from when it was intended, and the widest pause between two tries. */
export interface Patience {
  give_up_after_ms: number;
  cap_ms: number;
}

/** In which order effects of a kind are done. */
export type Ordering<P> =
  /** Each by itself. */
  | { mode: 'free' }
  /** Those of one key one at a time, in the order in which they were intended. */
  | { mode: 'strict'; key: (payload: P) => string }
  /** Those of one key one at a time, and one that was not sent gives way to a newer one. */
  | { mode: 'latest'; key: (payload: P) => string };

/** What the outbox has to know of a kind of effect; how it is done stands in jobs/. */
export interface EffectDefinition<P> {
  /** Ids and small parameters; a job reads the rest again. Parsed once, when a worker begins. */
  payload: z.ZodType<P>;
  queue: QueueName;
  patience: Patience;
  /** How long the row is kept once the effect is over, in ms. */
  retention_ms: number;
  ordering: Ordering<P>;
}

export const defineEffect = <P>(definition: EffectDefinition<P>): EffectDefinition<P> => definition;

export const FREE: Ordering<unknown> = { mode: 'free' };
export const strict = <P>(key: (payload: P) => string): Ordering<P> => ({ mode: 'strict', key });
export const latest = <P>(key: (payload: P) => string): Ordering<P> => ({ mode: 'latest', key });
