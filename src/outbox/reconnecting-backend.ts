import type { BackendFactory, IQueueBackend } from 'bullmq';

/** How long a worker waits for a wake-up before it looks by itself and subscribes anew, in s: BullMQ's own drainDelay. */
const ATTENTION_S = 5;

/**
 * A backend whose workers cannot go deaf. BullMQ 6.7 believes that it listens when a connection breaks just as its
 * LISTEN is answered, and after an error it waits up to an hour for a wake-up: a queue then stood still until a restart.
 */
export function reconnecting<B extends IQueueBackend, C>(factory: BackendFactory<B, C>): BackendFactory<B, C> {
  return (...args) => {
    const backend = factory(...args);
    const wait = backend.waitForJob.bind(backend);
    backend.waitForJob = async (seconds) => {
      const marker = await wait(Math.min(seconds, ATTENTION_S));
      // Nothing came: perhaps nothing could. On PostgreSQL this only has the next wait say LISTEN again.
      if (marker === null) await backend.reconnectBlocking();
      return marker;
    };
    return backend;
  };
}
