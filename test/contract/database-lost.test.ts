import { afterEach, beforeEach, expect, test } from 'vitest';
import { LifeboatError } from '../../src/runtime/errors.ts';
import { isAway, openPool, rows, transact } from '../../src/postgres/db.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let database: TestDatabase;
let proxy: TcpProxy;

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy({ host: new URL(database.url).hostname, port: Number(new URL(database.url).port) });
});
afterEach(async () => {
  await proxy.stop();
  await database.drop();
});

const one = (pool: Parameters<typeof rows>[0]) => rows<{ one: number }>(pool, 'one', 'select 1 as one', []);

test('a database that falls silent is given up on, and answers again on a new connection', async () => {
  const pool = openPool(proxy.through(database.url), 1, () => undefined, 400);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    expect(await one(pool)).toEqual([{ one: 1 }]);
    proxy.blackhole();
    const failures = await Promise.allSettled([one(pool), transact(pool, (tx) => one(tx))]);
    for (const each of failures) expect(each.status === 'rejected' && isAway(each.reason)).toBe(true);
    proxy.restore();
    await expect.poll(() => one(pool).catch(() => null), { timeout: 5000 }).toEqual([{ one: 1 }]);
  } finally {
    await pool.end();
  }
});

test('a transaction whose process is gone lets go of what it locked', async () => {
  const gone = openPool(database.url, 1, () => undefined, 400);
  gone.on('connect', (client) => client.on('error', () => undefined));
  const other = openPool(database.url, 1, () => undefined);
  const tx = await gone.connect();
  try {
    await tx.query('begin');
    await tx.query('lock table migration in access exclusive mode');
    expect(await rows(other, 'count', 'select count(*) from migration', [])).toHaveLength(1);
  } finally {
    tx.release(true);
    await gone.end();
    await other.end();
  }
});

test('who loses the database while it commits is told to look, not that nothing was changed', async () => {
  const pool = openPool(database.url, 2, () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    const lost = transact(pool, async (tx) => {
      const [me] = await rows<{ pid: number }>(tx, 'pid', 'select pg_backend_pid() as pid', []);
      await rows(pool, 'kill', 'select pg_terminate_backend($1, 5000)', [me!.pid]);
    });
    const error: unknown = await lost.catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(LifeboatError);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/may or may not/) });
    expect(isAway(error)).toBe(true);
  } finally {
    await pool.end();
  }
});
