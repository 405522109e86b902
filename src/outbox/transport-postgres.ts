import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { SILENCE_MS } from '../postgres/db.ts';
import { bullTransport, workerOptions, type Transport, type TransportJob } from './bull-transport.ts';
import { heardBy } from './heard-backend.ts';
import type { Listener } from './listener.ts';

/** BullMQ's own name: with a pool that it was given it looks nowhere else. */
const SCHEMA = 'bullmq';
/** Other programs that share the database may have queues of their own in that schema. */
const PREFIX = 'lifeboat-';

interface Options {
  databaseUrl: string;
  listener: Listener;
  onError: (queue: string, error: Error) => void;
}

/** BullMQ on PostgreSQL, for all queues of the process by one connection, besides the one that listens. */
export async function openPostgresTransport({ databaseUrl, listener, onError }: Options): Promise<Transport> {
  await migrateQueues(databaseUrl);
  // A second connection would have to learn BullMQ's functions too, which takes longer than the waits that it would
  // spare (measured: hand-over 2.7 ms, with three 5.1 ms). Its commits need not wait for the disk.
  const connection = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'lifeboat-bullmq',
    max: 1,
    keepAlive: true,
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS, // else a query to a machine that lost its power waits for a quarter of an hour
    options: `-c search_path=${SCHEMA} -c synchronous_commit=off`,
  });
  connection.on('connect', (client) => client.on('error', (error) => onError('all', error)));
  const bull = withBackend(heardBy(listener, createPostgresBackend));
  return bullTransport(
    (name) => new bull.Queue<TransportJob>(PREFIX + name, { connection }),
    (name, concurrency, process) =>
      new bull.Worker<TransportJob>(PREFIX + name, process, { ...workerOptions(concurrency), connection }),
    onError,
    () => connection.end(),
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
