import type { BackendFactory, IQueueBackend } from 'bullmq';
import type { WakeUps } from './wake-ups.ts';

/** How long a worker waits for a wake-up before it looks by itself, in s: BullMQ's own drainDelay. */
const ATTENTION_S = 5;

/**
 * A backend whose workers are woken by the process's one listening connection. BullMQ would hold a connection for each
 * worker, and 6.7 can go deaf on it: it believes that it listens when a connection breaks just as its LISTEN is answered.
 */
export function heardBy<B extends IQueueBackend, C>(
  wakeUps: WakeUps,
  factory: BackendFactory<B, C>,
): BackendFactory<B, C> {
  return (name, options, how) => {
    const backend = factory(name, options, how);
    if (!how?.withBlockingConnection) return backend;
    let heard = false; // since the worker last looked
    let disconnected = false;
    let end = (): void => undefined;
    wakeUps.onJob(name, () => {
      heard = true;
      end();
    });
    const look = backend.moveToActive.bind(backend);
    backend.moveToActive = (...args) => {
      heard = false;
      return look(...args);
    };
    backend.waitForJob = (seconds) =>
      new Promise((resolve) => {
        const answer = (): void => resolve(heard ? { member: name, score: 0 } : null);
        if (heard || disconnected) return answer();
        const timer = setTimeout(answer, Math.max(0, Math.min(seconds, ATTENTION_S)) * 1000);
        end = () => {
          clearTimeout(timer);
          answer();
        };
      });
    backend.disconnectBlocking = () => {
      disconnected = true;
      end();
      return Promise.resolve();
    };
    backend.reconnectBlocking = () => {
      disconnected = false;
      return Promise.resolve();
    };
    // A name is for the connection that it does not have.
    backend.setName = () => Promise.resolve();
    return backend;
  };
}
