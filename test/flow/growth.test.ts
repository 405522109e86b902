import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../../src/postgres/db.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { growing, wholeWhenEmpty } from '../support/growth.ts';
import { writeHistory } from '../support/history.ts';
import { namedStatements, type Statement } from '../support/statements.ts';

const databases: TestDatabase[] = [];
const pools: pg.Pool[] = [];
let statements: Statement[];

async function withHistory(times: number): Promise<pg.Pool> {
  const database = await createTestDatabase();
  databases.push(database);
  const pool = openPool(database.url, 2, () => undefined, 600_000);
  pools.push(pool);
  await writeHistory(pool, { incidents: 400 * times, effects: 4000 * times, runs: 200 * times });
  return pool;
}

beforeAll(async () => {
  statements = await namedStatements();
  await withHistory(1);
  await withHistory(10);
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  for (const database of databases) await database.drop();
});

test('every named statement is found, each under one name', () => {
  const names = statements.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('no statement reads a whole table or costs more because more is over', async () => {
  const [small, large] = pools;
  expect(await growing(small!, large!, statements)).toEqual([]);
});

test('a plan that was made while the tables were empty finds its rows by an index', async () => {
  const database = await createTestDatabase();
  databases.push(database);
  const pool = openPool(database.url, 2, () => undefined);
  pools.push(pool);
  expect(await wholeWhenEmpty(pool, statements)).toEqual([]);
});

test('the test sees a statement that grows', async () => {
  const [small, large] = pools;
  const bad = { name: 'bad', text: `select queue, count(*) from effect where state <> 'done' group by queue` };
  expect(await growing(small!, large!, [bad])).toHaveLength(1);
});
