import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandDeps } from '../../commands/command.ts';
import { page } from '../../commands/page.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
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

test.each<[string, CommandDeps['onCall'], string[]]>([
  ['says nothing for a while', () => new Promise(() => undefined), ['ana']],
  ['names only strangers', () => Promise.resolve({ people: ['Zed Stranger'], source: 'schedule' }), ['ana']],
  ['names a stranger and Ben', () => Promise.resolve({ people: ['Zed', 'ben'], source: 'schedule' }), ['ben']],
])(
  'a page by hand goes to people whom the estate knows when the schedule %s',
  async (words, onCall, people) => {
    const loaded = await smallEstate();
    const estate = () => loaded;
    const incident = await plainIncident(pool);
    const deps: CommandDeps = {
      ...{ pool, estate, verbs: { pool, estate } },
      reloadEstate: () => Promise.reject(new Error('not asked for')),
      onCall,
      account: () => Promise.resolve('member'),
      estateUse: () => ({ digest: '', source: '', loaded_by: '', at: new Date(0) }),
      ...{ seal: null, records: () => Promise.reject(new Error('not asked for')) },
    };
    const call = {
      request: { key: words, actor: 'slack:U01ANA' },
      args: 'on-call wake up',
      named: incident,
      channel: null,
    };
    const answer = await page.run(call, deps);
    expect(answer).toMatchObject({
      kind: 'message',
      text: expect.stringContaining(`Paging on-call (<@U01${people[0]?.toUpperCase()}>)`),
    });
    expect(await pagesOf(pool, incident)).toMatchObject([{ role: 'on-call', people, say: 'wake up' }]);
  },
  4000,
);
