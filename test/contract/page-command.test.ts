import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandDeps } from '../../commands/command.ts';
import { page } from '../../commands/page.ts';
import { pagesOf } from '../../src/store/pages.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('a page by hand goes to the people of the estate when the schedule says nothing for a while', async () => {
  const loaded = await smallEstate();
  const estate = () => loaded;
  const incident = await plainIncident(pool);
  const deps: CommandDeps = {
    ...{ pool, estate, verbs: { pool, estate } },
    reloadEstate: () => Promise.reject(new Error('not asked for')),
    onCall: () => new Promise(() => undefined),
  };
  const call = {
    request: { key: 'k', actor: 'slack:U01ANA' },
    args: 'on-call wake up',
    named: incident,
    channel: null,
  };
  const answer = await page.run(call, deps);
  expect(answer).toMatchObject({ kind: 'message', text: expect.stringMatching(/^Paging on-call \(<@U01ANA>\)/) });
  expect(await pagesOf(pool, incident)).toMatchObject([{ role: 'on-call', people: ['ana'], say: 'wake up' }]);
}, 4000);
