import type { QueueName } from '../domain/effect/effect.ts';

export interface QueueRule {
  /** How many of its effects one process works on at a time. */
  limit: number;
  /** Whether BullMQ carries its effects; otherwise they are claimed from PostgreSQL as soon as they are due. */
  carried: boolean;
  /** Whether its claims and results have connections of their own. */
  urgent: boolean;
}

/**
 * Recovery jobs are carried by BullMQ, which spreads them over the processes. Everything else is claimed by each process
 * itself: pages, and the timers that page, by connections of their own; messages and other timers because a hand-over
 * takes five round trips and a claim two, and a thousand incidents have ten thousand messages.
 */
export const QUEUES: Readonly<Record<QueueName, QueueRule>> = {
  pages: { limit: 20, carried: false, urgent: true },
  escalation: { limit: 20, carried: false, urgent: true },
  chat: { limit: 10, carried: false, urgent: false },
  timers: { limit: 10, carried: false, urgent: false },
  steps: { limit: 20, carried: true, urgent: false },
};

/** Its claims and results have connections of their own. */
export const isUrgent = (queue: QueueName): boolean => QUEUES[queue].urgent;
