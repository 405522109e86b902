import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../../src/postgres/db.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { growing } from '../support/growth.ts';
import { writeHistory } from '../support/history.ts';
import { namedStatements } from '../support/statements.ts';

const databases: TestDatabase[] = [];
const pools: pg.Pool[] = [];

beforeAll(async () => {
  for (const times of [1, 100]) {
    const database = await createTestDatabase();
    databases.push(database);
    const pool = openPool(database.url, 2, () => undefined, 600_000);
    pools.push(pool);
    await writeHistory(pool, { incidents: 1000 * times, effects: 10_000 * times, runs: 200 * times });
  }
}, 300_000);
afterAll(async () => {
  for (const pool of pools) await pool.end();
  for (const database of databases) await database.drop();
});

test('over a million effects that are done no statement costs four times what it costs over ten thousand', async () => {
  const [small, large] = pools;
  expect(await growing(small!, large!, await namedStatements(), 4)).toEqual([]);
}, 120_000);

test('counting effects for the metrics reads about as few pages over a million as over ten thousand', async () => {
  const text = (await namedStatements()).find(({ name }) => name === 'effect-counts')!.text;
  const pages = async (pool: pg.Pool): Promise<number> => {
    const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `explain (analyze, buffers, format json) ${text}`,
    );
    const plan = rows[0]!['QUERY PLAN'][0].Plan;
    return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
  };
  const [few, many] = await Promise.all(pools.map(pages));
  expect(many).toBeLessThan(few! + 100);
});
