import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { reconnecting } from '../../src/outbox/reconnecting-backend.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase | undefined;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await database?.drop();
});

test('a worker whose wake-ups were lost looks by itself after five seconds, and hears again from then on', async () => {
  database = await createTestDatabase();
  const { url } = database;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await runMigrations(client, 'bull');
  await client.end();
  const connection = { connectionString: url, schema: 'bull' };
  const backend = reconnecting(createPostgresBackend)('deaf', { connection }, { withBlockingConnection: true });
  const queue = new (withBackend(createPostgresBackend).Queue)('deaf', { connection });
  closing.push(
    () => queue.close(),
    () => backend.close(),
  );
  await Promise.all([backend.waitUntilReady(), queue.waitUntilReady()]);

  // What a connection that broke just as its LISTEN was answered leaves behind: BullMQ believes that it listens.
  Reflect.set(backend, 'listening', true);
  const asleep = performance.now();
  const woken = backend.waitForJob(3600);
  await queue.add('effect', {});
  expect(await woken).toBeNull();
  expect(performance.now() - asleep).toBeLessThan(10_000);

  await queue.drain();
  const heard = backend.waitForJob(3600);
  await queue.add('effect', {});
  expect(await heard).toMatchObject({ score: 0 });
});
