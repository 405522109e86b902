import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandDeps } from '../../commands/command.ts';
import { page } from '../../commands/page.ts';
import type { ReadSchedules } from '../../src/domain/estate/holders.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

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

const zed = 'pagerduty:PZED001:Zed Stranger';
const answers =
  (people: string[]): ReadSchedules =>
  () =>
    Promise.resolve({ 'on-call': { kind: 'named', people } });
const silent: ReadSchedules = () => Promise.resolve({ 'on-call': { kind: 'unread', reason: 'no answer in time' } });

async function paged(args: string, schedules: ReadSchedules, over: Partial<CommandDeps['pager']> = {}) {
  const loaded = structuredClone(await smallEstate());
  loaded.people['vic'] = { name: 'Vic Vendor', phone: '+1 555 0100' };
  loaded.people['cleo'] = { name: 'Cleo', slack: 'U01CLEO', pagerduty: 'PCLEO01' };
  const estate = () => loaded;
  const incident = await plainIncident(pool);
  const deps: CommandDeps = {
    ...{ pool, estate, verbs: { pool, estate }, schedules },
    pager: { assigns: false, ownKey: () => false, ...over },
    reloadEstate: () => Promise.reject(new Error('not asked for')),
    account: () => Promise.resolve('member'),
    estateUse: () => ({ digest: '', source: '', loaded_by: '', at: new Date(0) }),
    ...{ seal: null, records: () => Promise.reject(new Error('not asked for')) },
  };
  const request = { key: `page ${incident}`, actor: 'slack:U01ANA' };
  const answer = await page.run({ request, args, named: incident, channel: null }, deps);
  const kinds = await effectsOf(pool, `incident_id = ${incident} and kind = 'pager.assign'`);
  return {
    text: answer.kind === 'message' ? answer.text : '',
    pages: await pagesOf(pool, incident),
    assigned: kinds.map((each) => (each as unknown as { payload: { user: string } }).payload.user),
  };
}

test.each<[string, ReadSchedules, string[], string[]]>([
  ['cannot be read', silent, ['ana'], ['(<@U01ANA>)', 'whom the estate lists', 'no answer in time']],
  ['names only a stranger', answers([zed]), [zed], ['(Zed Stranger)', 'does not list Zed Stranger']],
  ['names a stranger and Ben', answers([zed, 'ben']), [zed, 'ben'], ['(Zed Stranger, <@U01BEN>)']],
])('a page by hand goes to whom the schedule names, and says so when it %s', async (_, schedules, people, words) => {
  const { text, pages } = await paged('on-call wake up', schedules);
  for (const each of ['Paging on-call', ...words]) expect(text).toContain(each);
  if (!people.includes('ana')) expect(text).not.toContain('U01ANA');
  expect(pages).toMatchObject([{ role: 'on-call', people, say: 'wake up' }]);
});

test('a page to a person says whom the pager rings, where it cannot be asked for a name', async () => {
  const { text, pages, assigned } = await paged('@cleo', silent);
  expect(text).toContain('<@U01CLEO> gets a direct message');
  expect(text).toContain('it rings whoever is on call behind its default integration');
  expect(text).not.toContain('Paging');
  expect([pages.length, assigned]).toEqual([1, []]);
});

test('a page to a person is given to them in the pager, where it takes names', async () => {
  const { text, assigned } = await paged('@cleo', silent, { assigns: true });
  expect(text).toContain('Paging <@U01CLEO>');
  expect(text).toContain('asked to assign');
  expect(assigned).toEqual(['PCLEO01']);
});

test('whoever has neither pager nor Slack is not paged: their telephone number is the answer', async () => {
  const { text, pages } = await paged('@vic', silent, { assigns: true });
  expect(text).toContain('Nobody was paged');
  expect(text).toContain('Vic Vendor: call `+1 555 0100`');
  expect(pages).toEqual([]);
});
