import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { SILENCE_MS } from '../postgres/db.ts';
import { bullTransport, workerOptions, type Transport, type TransportJob } from './bull-transport.ts';
import { heardBy } from './heard-backend.ts';
import type { WakeUps } from './wake-ups.ts';

const SCHEMA = 'lifeboat_bullmq';

interface Options {
  databaseUrl: string;
  wakeUps: WakeUps;
  onError: (queue: string, error: Error) => void;
}

/** BullMQ on PostgreSQL; its workers are woken by the connection that listens for the whole process. */
export async function openPostgresTransport({ databaseUrl, wakeUps, onError }: Options): Promise<Transport> {
  await migrateQueues(databaseUrl);
  // Each queue and worker has one connection: a second would have to learn BullMQ's functions too, which takes longer
  // than the waits that it would spare (measured: hand-over 2.7 ms, with three 5.1 ms). Its commits need not wait for
  // the disk: what a crash takes from it is claimed from PostgreSQL.
  const connection = {
    connectionString: databaseUrl,
    schema: SCHEMA,
    max: 1,
    keepAlive: true,
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS, // else a query to a machine that lost its power waits for a quarter of an hour
    options: '-c synchronous_commit=off',
  };
  const bull = withBackend(heardBy(wakeUps, createPostgresBackend));
  return bullTransport(
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
