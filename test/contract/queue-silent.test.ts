import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EffectIntent } from '../../src/domain/effect/effect.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  effect,
  effectsOf,
  intend,
  launch,
  noting,
  plainIncident,
  testPool,
  untilDone,
} from '../support/queue-world.ts';
import { redisAvailable, startRedis, type TestRedis } from '../support/redis.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let pool: pg.Pool;
let incident: number;
let redis: TestRedis;
let proxy: TcpProxy;

const page = (key: string) => effect(key, { kind: 'pager.send', queue: 'pages' });
const timer = (key: string) => effect(key, { kind: 'cadence.fire', queue: 'timers' });
const step = (key: string) => effect(key, { kind: 'step.run', queue: 'steps' });
const level = (key: string) => effect(key, { kind: 'escalation.fire', queue: 'escalation' });
const channel = (key: string, count: number) =>
  Array.from({ length: count }, (_, n) => effect(`${key}${n}`, { ordering_key: 'channel' }));

describe.skipIf(!redisAvailable()).each([
  ['is frozen', () => redis.freeze(), () => redis.thaw()],
  ['is behind a network that swallows everything', () => proxy.blackhole(), () => proxy.restore()],
])('when Redis %s', (_words, silence, restore) => {
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = testPool(database.url);
    incident = await plainIncident(pool);
    redis = await startRedis();
    proxy = await startTcpProxy({ port: redis.port });
  });
  afterEach(async () => {
    await proxy.stop();
    redis.thaw();
    await redis.stop();
    await pool.end();
    await database.drop();
  });

  test('pages go out at once, everything else within seconds, leases expire, and nothing is done twice', async () => {
    const notes: string[] = [];
    const kinds = ['pager.send', 'escalation.fire', 'message.post', 'cadence.fire', 'step.run'] as const;
    const redisUrl = proxy.through(redis.url);
    const boat = await launch({ url: database.url, redisUrl, jobs: kinds.map((kind) => noting(kind, notes)) });
    const doneWithin = async (ms: number, effects: EffectIntent[]): Promise<void> => {
      const since = performance.now();
      await intend(pool, incident, effects);
      await untilDone(pool, 'all to be done', ms + 5000);
      expect(performance.now() - since, effects.map((each) => each.key).join(', ')).toBeLessThan(ms);
    };
    try {
      await doneWithin(3000, [page('p0'), timer('t0'), step('s0'), ...channel('c0.', 2)]);
      silence();
      await doneWithin(1000, [page('p1'), level('l1')]);
      await doneWithin(7000, [...channel('c1.', 5), timer('t1'), step('s1')]);
      // By now the silence is known, and costs nothing more.
      await doneWithin(1500, [...channel('c2.', 5), timer('t2'), step('s2'), page('p2')]);
      await intend(pool, incident, [timer('taken')]);
      await pool.query(
        `update effect set state = 'running', worker = 'gone', started_at = now(), lease_until = now() where key = 'taken' and state = 'pending'`,
      );
      await waitFor('it to be taken back', () => notes.includes('taken'), { timeoutMs: 4000 });
      restore();
      await doneWithin(4000, [...channel('c3.', 3), timer('t3'), step('s3'), page('p3')]);
      expect(notes.toSorted()).toEqual((await effectsOf(pool)).map((row) => row.key).toSorted());
      expect(await effectsOf(pool, `attempts <> 1 and key <> 'taken'`)).toEqual([]);
    } finally {
      restore();
      await boat.stop(100);
    }
  }, 40_000);
});
