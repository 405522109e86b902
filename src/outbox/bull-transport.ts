import type { JobsOptions } from 'bullmq';

/** What BullMQ carries: the effect's id, nothing else. */
export interface TransportJob {
  id: string;
}

/** The few things that Lifeboat asks of BullMQ, the same on both backends. */
interface Sender {
  addBulk(jobs: { name: string; data: TransportJob; opts: JobsOptions }[]): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
type Receiver = Omit<Sender, 'addBulk' | 'close'> & { close(force: boolean): Promise<void> };

export type Deliver = (effectId: string) => Promise<void>;

/** BullMQ on one of its two backends. It may lose or repeat hand-overs; the effects in PostgreSQL make up for both. */
export interface Transport {
  send(queue: string, handOvers: { id: string; handovers: number }[]): Promise<void>;
  /** Starts delivering a queue's hand-overs, at most `concurrency` at a time. */
  receive(queue: string, concurrency: number, deliver: Deliver): void;
  /** Stops receiving; what is under way has to be over. */
  stop(): Promise<void>;
}

/** A job that stalls is delivered again; whoever comes second finds its effect claimed. */
export const workerOptions = (concurrency: number) => ({
  concurrency,
  maxStalledCount: 5,
  stalledInterval: 5000,
  lockDuration: 30_000,
  runRetryDelay: 1000, // BullMQ's own 15 s would let pages wait after an outage
});

/** BullMQ may wait for ever for a connection that it lost; what it still holds is handed over again, in ms. */
const CLOSE_LIMIT_MS = 3000;

/** The same on both backends: `openQueue` and `openWorker` make BullMQ's objects, `disconnect` ends what they share. */
export function bullTransport(
  openQueue: (name: string) => Sender,
  openWorker: (name: string, concurrency: number, process: (job: { data: TransportJob }) => Promise<void>) => Receiver,
  onError: (queue: string, error: Error) => void,
  disconnect: () => Promise<void>,
): Transport {
  const queues = new Map<string, Sender>();
  const workers: Receiver[] = [];
  const queueOf = (name: string) => {
    const known = queues.get(name);
    if (known) return known;
    const queue = openQueue(name);
    queue.on('error', (error) => onError(name, error));
    queues.set(name, queue);
    return queue;
  };
  return {
    async send(name, handOvers) {
      const queue = queueOf(name);
      const jobs = handOvers.map(({ id, handovers }) => ({
        name: 'effect',
        data: { id },
        // BullMQ ignores an id that it knows; every hand-over is a new one, and the effect decides who may act.
        opts: { jobId: `e${id}-${handovers}`, removeOnComplete: true, removeOnFail: true, attempts: 1 },
      }));
      try {
        await queue.addBulk(jobs);
      } catch (error) {
        // On PostgreSQL BullMQ remembers for ever that a first connection failed: the next send opens the queue anew.
        queues.delete(name);
        queue.close().catch(() => undefined);
        throw error;
      }
    },
    receive(name, concurrency, deliver) {
      const worker = openWorker(name, concurrency, (job) => deliver(job.data.id));
      worker.on('error', (error) => onError(name, error));
      workers.push(worker);
    },
    async stop() {
      // Whatever was delivered has ended by now. Asking a silent server to say so would keep BullMQ's timers for ever.
      await atMost(CLOSE_LIMIT_MS, Promise.all(workers.map((worker) => worker.close(true))));
      await atMost(CLOSE_LIMIT_MS, Promise.all([...queues.values()].map((queue) => queue.close())));
      await disconnect();
    },
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
