import type { QueueName } from '../domain/effect/effect.ts';

export interface QueueRule {
  /** How many of its effects one process works on at a time. */
  limit: number;
  /** Whether BullMQ carries its effects; otherwise they are claimed from PostgreSQL as soon as they are due. */
  carried: boolean;
}

/**
 * Pages, and the timers that page, wait for no transport: each process claims them itself, by connections of its own.
 * The rest is carried by BullMQ, which spreads it over the processes without each of them asking the database.
 */
export const QUEUES: Readonly<Record<QueueName, QueueRule>> = {
  pages: { limit: 20, carried: false },
  escalation: { limit: 20, carried: false },
  chat: { limit: 10, carried: true },
  timers: { limit: 10, carried: true },
  steps: { limit: 20, carried: true },
};

/** Its claims and results have connections of their own. */
export const isUrgent = (queue: QueueName): boolean => !QUEUES[queue].carried;
