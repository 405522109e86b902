import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { done } from '../../src/domain/effect/outcome.ts';
import { openPools, type Pools } from '../../src/postgres/pools.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { IncidentTurns } from '../../src/verbs/incident-turns.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effect, effectsOf, gate, intend, launch, noting, plainIncident, smallEstate } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let pools: Pools;
let verbs: VerbDeps;
let locker: pg.Client;
const ana = (key: string) => ({ key, actor: 'slack:U01ANA' });

beforeEach(async () => {
  database = await createTestDatabase();
  pools = openPools(database.url, () => undefined);
  const estate = await smallEstate();
  verbs = { pool: pools.requests, estate: () => estate, turns: new IncidentTurns() };
  locker = new pg.Client({ connectionString: database.url });
  await locker.connect();
});
afterEach(async () => {
  await locker.end();
  await pools.end();
  await database.drop();
});

const lock = async (incident: number): Promise<void> => {
  await locker.query('begin');
  await locker.query('select from incident where id = $1 for update', [incident]);
};

test('twenty presses on an incident that somebody keeps locked are answered and hold one connection', async () => {
  const stuck = await plainIncident(pools.work, 'stuck');
  await lock(stuck);
  const began = performance.now();
  const answers = Array.from({ length: 20 }, (_, n) =>
    acknowledgeIncident(verbs, ana(`a${n}`), stuck, {}).then(
      () => 'done',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
  );
  await waitFor('one to wait for the lock', async () => {
    const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    return (await pools.work.query<{ n: number }>(waiting)).rows[0]!.n === 1;
  });
  expect(pools.requests.totalCount).toBe(1);
  const declared = performance.now();
  await declareIncident(verbs, ana('d'), { title: 'another fire', severity: 'P0', service: null, channel: null });
  expect(performance.now() - declared).toBeLessThan(1000);
  const said = await Promise.all(answers);
  expect(new Set(said)).toEqual(
    new Set(['another change of this incident is under way and has not ended, so nothing was done']),
  );
  expect(performance.now() - began).toBeLessThan(6000);
  await locker.query('rollback');
  expect(await acknowledgeIncident(verbs, ana('again'), stuck, {})).toMatchObject({ fresh: true });
});

test('what is under way for another incident keeps its lease, and outcomes of the locked one are written in the end', async () => {
  const [stuck, other] = [await plainIncident(pools.work, 'stuck'), await plainIncident(pools.work, 'other')];
  const barrier = gate();
  const lost: unknown[] = [];
  const job = noting(
    'message.post',
    [],
    async (each, signal) => {
      signal.addEventListener('abort', () => void lost.push(signal.reason));
      if (each.key === 'long') await barrier.opened;
      return done(null);
    },
    { after: () => ({ events: [], effects: [] }) },
  );
  const boat = await launch({ url: database.url, jobs: [job], pools, verbs: { ...verbs, pool: pools.work } });
  try {
    await intend(
      pools.work,
      stuck,
      ['s1', 's2', 's3'].map((key) => effect(key)),
    );
    await lock(stuck);
    await intend(pools.requests, other, [effect('long')]);
    await waitFor(
      'the long one to run',
      async () => (await effectsOf(pools.engine, `key = 'long' and state = 'running'`)).length === 1,
    );
    const since = performance.now();
    await waitFor('a lease to have been renewed for long', () => performance.now() - since > 12_000, {
      timeoutMs: 14_000,
    });
    expect(lost).toEqual([]);
    await locker.query('rollback');
    barrier.open();
    await waitFor('all to be written', async () => (await effectsOf(pools.engine, `state = 'done'`)).length === 4);
    expect(await effectsOf(pools.engine, 'attempts > 1')).toEqual([]);
  } finally {
    barrier.open();
    await boat.stop(100);
  }
}, 40_000);
