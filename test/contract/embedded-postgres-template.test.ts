import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('two test databases share nothing', async () => {
  const [first, second] = await Promise.all([
    createTestDatabase({ migrate: false }),
    createTestDatabase({ migrate: false }),
  ]);
  onTestFinished(() => first.drop());
  onTestFinished(() => second.drop());
  await (await connect(first.url)).query('create table mine (id int)');
  const there = await (await connect(second.url)).query(`select to_regclass('mine') as found`);
  expect(there.rows).toEqual([{ found: null }]);
});

test('test files that start at once all get a copy of the one migrated template', async () => {
  const databases = await Promise.all([1, 2, 3, 4].map(() => createTestDatabase()));
  for (const each of databases) onTestFinished(() => each.drop());
  for (const { url } of databases) {
    const tables = await (
      await connect(url)
    ).query(`select 1 from information_schema.tables where table_schema = 'public'`);
    expect(tables.rowCount).toBeGreaterThan(0);
  }
});

test('a dropped test database is gone even while somebody is connected', async () => {
  const database = await createTestDatabase({ migrate: false });
  const lingering = new Client({ connectionString: database.url });
  lingering.on('error', () => undefined);
  await lingering.connect();
  await database.drop();
  await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow(/does not exist/);
});
