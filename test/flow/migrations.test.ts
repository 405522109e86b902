import { readFile, writeFile } from 'node:fs/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { dumpSchema, SCHEMA_FILE } from '../support/dump-schema.ts';

let database: TestDatabase;
let client: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase({ migrate: false });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const applied = async () =>
  (await client.query(`select name, sha256, at from migration order by name`)).rows as unknown;

test('migrations applied twice, and by two programs at once, are applied once', async () => {
  await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  const first = await applied();
  await migrate(database.url);
  expect(await applied()).toEqual(first);
});

test('a migration that was edited after it had been applied is refused, and nothing is changed', async () => {
  await migrate(database.url);
  await client.query(`update migration set sha256 = 'other' where name = '0001-spine.sql'`);
  const before = await dumpSchema(database.url);
  await expect(migrate(database.url)).rejects.toMatchObject({
    code: 'conflict',
    message: 'migration 0001-spine.sql was changed after it had been applied',
  });
  expect(await dumpSchema(database.url)).toBe(before);
});

test('a migration that fails half way leaves nothing behind', async () => {
  await client.query('create table lane (key text)');
  await expect(migrate(database.url)).rejects.toThrow('migration 0001-spine.sql');
  const tables = await client.query(`select tablename from pg_tables where schemaname = 'public' order by 1`);
  expect(tables.rows).toEqual([{ tablename: 'lane' }, { tablename: 'migration' }]);
});

test('src/store/schema.sql is what the migrations add up to', async () => {
  await migrate(database.url);
  const now = await dumpSchema(database.url);
  if (process.env.UPDATE_SCHEMA) await writeFile(SCHEMA_FILE, now);
  const how = 'write it with UPDATE_SCHEMA=1 npx vitest run test/flow/migrations.test.ts';
  expect(await readFile(SCHEMA_FILE, 'utf8'), how).toBe(now);
});
