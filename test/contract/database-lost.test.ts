import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { survives } from '../../src/main.ts';
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

describe('a database that is away is told by codes, and by what node-postgres says where it gives none', () => {
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'it answered',
      (error: unknown) => error,
    );
  const client = async (more: pg.ClientConfig = {}): Promise<pg.Client> => {
    const made = new pg.Client({ connectionString: proxy.through(database.url), ...more });
    made.on('error', () => undefined);
    await made.connect();
    return made;
  };

  test('when it is cut off, refuses connections, or is asked on a connection that was lost', async () => {
    const lost = await client();
    const under = failureOf(lost.query('select pg_sleep(30)'));
    proxy.cut();
    const seen = [await under, await failureOf(lost.query('select 1')), await failureOf(client())];
    for (const error of seen) expect(isAway(error), String(error)).toBe(true);
  });

  test('when it does not answer a query or a new connection, and when every connection is taken', async () => {
    const slow = await client({ query_timeout: 100 });
    const busy = openPool(database.url, 1, () => undefined, 200);
    const taken = await busy.connect();
    const full = await failureOf(busy.connect());
    taken.release();
    const silent = await failureOf(slow.query('select pg_sleep(1)'));
    proxy.blackhole();
    const mute = await failureOf(client({ connectionTimeoutMillis: 200 }));
    const pooled = openPool(proxy.through(database.url), 1, () => undefined, 200);
    const unanswered = await failureOf(pooled.connect());
    for (const error of [full, silent, mute, unanswered]) expect(isAway(error), String(error)).toBe(true);
    await Promise.all([busy.end(), pooled.end(), slow.end().catch(() => undefined)]);
  });

  test('when it shuts down, and not when it refuses what was asked', async () => {
    const [victim, killer] = [await client(), await client()];
    const pid = (await victim.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
    const under = failureOf(victim.query('select pg_sleep(30)'));
    await killer.query('select pg_terminate_backend($1)', [pid]);
    expect(isAway(await under)).toBe(true);
    for (const bad of ['select 1/0', 'select nothing', 'this is no SQL']) {
      expect(isAway(await failureOf(killer.query(bad)))).toBe(false);
    }
    await killer.end();
  });

  test.each([
    new TypeError("Cannot read properties of undefined (reading 'connection')"),
    new Error('the connection of the two services was terminated by Ana'),
    new Error('read timeout of the probe'),
    Object.assign(new Error('connection'), { code: 'EACCES' }),
    'Connection terminated',
    undefined,
  ])('a defect that mentions a connection is none: %s', (bug) => {
    expect([isAway(bug), survives(bug)]).toEqual([false, false]);
  });
});
