import { createPostgresBackend, createRedisBackend, runMigrations, withBackend, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { SILENCE_MS } from '../postgres/db.ts';
import { reconnecting } from './reconnecting-backend.ts';

/** What BullMQ carries: the effect's id, nothing else. */
interface TransportJob {
  id: string;
}

/** The few things that Lifeboat asks of BullMQ, the same on both backends. */
interface Sender {
  addBulk(jobs: { name: string; data: TransportJob; opts: JobsOptions }[]): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
type Receiver = Omit<Sender, 'addBulk'>;

export type Deliver = (effectId: string) => Promise<void>;

/** BullMQ on one of its two backends. It may lose or repeat hand-overs; the effects in PostgreSQL make up for both. */
export interface Transport {
  send(queue: string, handOvers: { id: string; handovers: number }[]): Promise<void>;
  /** Starts delivering a queue's hand-overs, at most `concurrency` at a time. */
  receive(queue: string, concurrency: number, deliver: Deliver): void;
  /** Stops receiving and waits for what is being delivered. */
  stop(): Promise<void>;
}

export interface TransportOptions {
  databaseUrl: string;
  redisUrl?: string | undefined;
  onError: (queue: string, error: Error) => void;
}

const PREFIX = 'lifeboat';
const SCHEMA = 'lifeboat_bullmq';

export async function openTransport(options: TransportOptions): Promise<Transport> {
  return options.redisUrl === undefined ? openPostgres(options) : openRedis(options.redisUrl, options);
}

async function openPostgres({ databaseUrl, onError }: TransportOptions): Promise<Transport> {
  await migrateQueues(databaseUrl);
  const bull = withBackend(reconnecting(createPostgresBackend));
  // Each queue and worker has one connection, besides the one with which it listens: a second would have to learn
  // BullMQ's functions too, which takes longer than the queries that it would spare from waiting (measured: hand-over
  // 2.7 ms instead of 5.1 ms with three). Nor need the transport's own commits wait for the disk: what a crash takes
  // from it is handed over again.
  const connection = {
    connectionString: databaseUrl,
    schema: SCHEMA,
    max: 1,
    keepAlive: true,
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS, // else a query to a machine that lost its power waits for a quarter of an hour
    options: '-c synchronous_commit=off',
  };
  return transport(
    (name) => new bull.Queue<TransportJob>(name, { connection }),
    (name, concurrency, process) =>
      new bull.Worker<TransportJob>(name, process, { ...workerOptions(concurrency), connection }),
    onError,
    () => Promise.resolve(),
  );
}

async function migrateQueues(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    await client.end();
  }
}

function openRedis(url: string, { onError }: TransportOptions): Promise<Transport> {
  const bull = withBackend(createRedisBackend);
  const sender = new Redis(url, {
    maxRetriesPerRequest: 1,
    connectTimeout: 2000,
    enableOfflineQueue: false,
    lazyConnect: false,
  });
  const receiver = new Redis(url, { maxRetriesPerRequest: null });
  for (const redis of [sender, receiver]) redis.on('error', (error) => onError('redis', error));
  return Promise.resolve(
    transport(
      (name) => new bull.Queue<TransportJob>(name, { connection: sender, prefix: PREFIX }),
      (name, concurrency, process) =>
        new bull.Worker<TransportJob>(name, process, {
          ...workerOptions(concurrency),
          connection: receiver,
          prefix: PREFIX,
        }),
      onError,
      async () => {
        sender.disconnect();
        receiver.disconnect();
        return Promise.resolve();
      },
    ),
  );
}

/** A job that stalls is delivered again; whoever comes second finds its effect claimed. */
const workerOptions = (concurrency: number) => ({
  concurrency,
  maxStalledCount: 5,
  stalledInterval: 5000,
  lockDuration: 30_000,
  runRetryDelay: 1000, // BullMQ's own 15 s would let pages wait after an outage
});

/** BullMQ may wait for ever for a connection that it lost; what it still holds is handed over again, in ms. */
const CLOSE_LIMIT_MS = 3000;

function transport(
  openQueue: (name: string) => Sender,
  openWorker: (name: string, concurrency: number, process: (job: { data: TransportJob }) => Promise<void>) => Receiver,
  onError: TransportOptions['onError'],
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
      await atMost(CLOSE_LIMIT_MS, Promise.all(workers.map((worker) => worker.close())));
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
