import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { done, retry } from '../../src/domain/effect/outcome.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  effect,
  intend,
  launch,
  noting,
  plainIncident,
  testPool,
  untilDone,
  type Boat,
} from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

/*
 * Without NOTIFY everything would still be done, when a loop looks by itself after up to a second. Five in a row would then
 * take more than two seconds.
 */
const ROUNDS = 5;
const BOUND_MS = 1200;

let database: TestDatabase;
let pool: pg.Pool;
let incident: number;
let boat: Boat;
let tries: Map<string, number>;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  incident = await plainIncident(pool);
  tries = new Map();
  const again = noting('cadence.fire', [], ({ key }) => {
    tries.set(key, (tries.get(key) ?? 0) + 1);
    return tries.get(key) === 1 ? retry('once more', 20) : done(null);
  });
  const jobs = [again, ...(['pager.send', 'message.post', 'step.run'] as const).map((kind) => noting(kind, []))];
  boat = await launch({ url: database.url, jobs, sites: ['east'] });
  await intend(pool, incident, [
    effect('warm', { queue: 'steps' }),
    effect('up', { kind: 'cadence.fire', queue: 'timers' }),
  ]);
  await untilDone(pool);
});
afterEach(async () => {
  await boat.stop(100);
  await pool.end();
  await database.drop();
});

test.each([
  ['a page', (n: number) => [effect(`page${n}`, { kind: 'pager.send', queue: 'pages' })]],
  ['a message', (n: number) => [effect(`post${n}`)]],
  ['a step of a site', (n: number) => [effect(`step${n}`, { kind: 'step.run', queue: 'steps', site: 'east' })]],
  ['what waits behind another', (n: number) => [1, 2].map((k) => effect(`${n}.${k}`, { ordering_key: `key${n}` }))],
  ['a second try', (n: number) => [effect(`timer${n}`, { kind: 'cadence.fire', queue: 'timers' })]],
])('%s is not left lying until somebody looks', async (_words, effects) => {
  let spent = 0;
  for (let n = 0; n < ROUNDS; n += 1) {
    // Whoever looks each second has just looked when this comes.
    const since = performance.now();
    await intend(pool, incident, effects(n));
    await untilDone(pool);
    spent += performance.now() - since;
  }
  expect(spent).toBeLessThan(BOUND_MS);
});

test('a connection that no longer hears is replaced, and what came meanwhile is done', async () => {
  const listeners = `application_name = 'lifeboat-listener' and datname = current_database()`;
  const count = async () =>
    (await pool.query<{ n: number }>(`select count(*)::int as n from pg_stat_activity where ${listeners}`)).rows[0]!.n;
  expect(await count()).toBe(1);
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${listeners}`);
  await intend(pool, incident, [effect('meanwhile')]);
  await untilDone(pool);
  await waitFor('a new one', async () => (await count()) === 1);
  const since = performance.now();
  for (let n = 0; n < ROUNDS; n += 1) {
    await intend(pool, incident, [effect(`after${n}`)]);
    await untilDone(pool);
  }
  expect(performance.now() - since).toBeLessThan(BOUND_MS);
});
