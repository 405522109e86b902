import type pg from 'pg';
import type { QueueName } from '../domain/effect/effect.ts';
import type { Log } from '../runtime/log.ts';
import { within } from '../runtime/deadline.ts';
import { startLoop, type Loop } from './loop.ts';
import { blockWaiting, takeBack, takeDue, type HandOver } from './sql/due.ts';
import type { TransportHealth } from './transport-health.ts';
import type { Transport } from './transport.ts';

/** At most so many effects of a queue are handed over and not claimed: the rest keeps its order in PostgreSQL. */
const AHEAD = 100;
/** When a full transport is looked at again, in ms. */
const FULL_MS = 50;
/** A lost wake-up costs at most this, in ms. */
const REST_MS = 1000;
/** A transport that does not take a batch for this long is silent, in ms. */
const SEND_MS = 2000;

export interface HandOverOptions {
  queue: QueueName;
  pool: pg.Pool;
  transport: Transport;
  health: TransportHealth;
  log: Log;
  /** Hears that the transport failed: what is due must find another way. */
  onFailure: () => void;
}

/** Hands due effects of one queue to the transport as soon as they are due. Any number of processes may do so. */
export function startHandOver({ queue, pool, transport, health, log, onFailure }: HandOverOptions): Loop {
  const hand = async (taken: HandOver[]): Promise<void> => {
    try {
      await within(SEND_MS, `hand over to ${queue}`, transport.send(queue, taken));
    } catch (error) {
      health.failed();
      await takeBack(pool, taken);
      onFailure();
      throw error;
    }
  };
  return startLoop(`hand-over of ${queue}`, log, async () => {
    if (health.isSilent) return REST_MS;
    const { taken, crowded, more, next_ms } = await takeDue(pool, queue, AHEAD);
    if (taken.length > 0) await hand(taken);
    if (crowded && (await blockWaiting(pool, queue, [''])) > 0) return 0;
    if (more) return FULL_MS;
    return Math.min(REST_MS, Math.max(1, next_ms ?? REST_MS));
  });
}
