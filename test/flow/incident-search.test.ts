import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { identitiesOf } from '../../src/domain/estate/people.ts';
import type { IncidentSearch } from '../../src/domain/incident/search.ts';
import { searchIncidents, searchStatement } from '../../src/store/incident/search.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { addNote } from '../../src/verbs/incident/add-note.ts';
import { assignRole } from '../../src/verbs/incident/assign-role.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { postUpdate } from '../../src/verbs/incident/post-update.ts';
import { closeIncident, resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { writeHistory } from '../support/history.ts';
import { smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;
const [disk, pump] = [1, 2];

const by = (actor: string) => ({ key: `r${(requests += 1)}`, actor });
const ANY: IncidentSearch = {
  words: [],
  service: null,
  person: null,
  from: null,
  to: null,
  state: null,
  severity: null,
};
const found = async (search: Partial<IncidentSearch>) =>
  (await searchIncidents(pool, { ...ANY, ...search }, 1)).shown.map(({ id }) => id);
const who = (actor: string) => ({ person: identitiesOf(estate, actor) });

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
  const ana = by('slack:U01ANA');
  await declareIncident(verbs, ana, {
    title: 'Disk of db-1.example.com full',
    severity: 'P1',
    service: 'api',
    channel: null,
  });
  await declareIncident(verbs, by('slack:U0X'), {
    ...{ title: 'Pumpe überhitzt', severity: 'P2' as const, service: null, channel: null },
    description: `It's loud; see \\server\\share & "logs"`,
  });
  await addNote(verbs, by('slack:U01BEN'), disk, 'The replica lags');
  await postUpdate(verbs, by('slack:U01BEN'), pump, 'The fan was replaced');
  await acknowledgeIncident(verbs, by('pagerduty:PANA001:Ana Ito'), pump, {});
  await assignRole(verbs, by('slack:U01BEN'), disk, 'incident-commander', 'slack:U01CLEO');
  await assignRole(verbs, by('slack:U01BEN'), disk, 'incident-commander', 'slack:U01DAN');
  await resolveIncident(verbs, by('slack:U01BEN'), disk, 'Old snapshots removed');
  await closeIncident(verbs, by('slack:U01BEN'), disk);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('words are found in titles, descriptions, updates, notes and summaries, also beginnings, without case', async () => {
  for (const words of [['disk'], ['REPLIC'], ['snapshots', 'disk'], ['db-1.example.com'], ['Lags', 'full']])
    expect(await found({ words }), words.join(' ')).toEqual([disk]);
  for (const words of [['überhitzt'], ['fan'], ['loud'], ['fan', 'pumpe'], ["it's"], ['\\server\\share']])
    expect(await found({ words }), words.join(' ')).toEqual([pump]);
  expect(await found({ words: ['the'] })).toEqual([pump, disk]);
  for (const words of [['disk', 'fan'], ['isk'], ["' | fan & pumpe"], ['disk:*|fan']])
    expect(await found({ words }), words.join(' ')).toEqual([]);
});

test('a person is found who declared, acknowledged in the pager, resolved, or ever held a role', async () => {
  expect(await found(who('slack:U01ANA'))).toEqual([pump, disk]);
  expect(await found(who('slack:U01BEN'))).toEqual([disk]);
  expect(await found(who('slack:U01CLEO'))).toEqual([disk]);
  expect(await found(who('slack:U01DAN'))).toEqual([disk]);
  expect(await found(who('slack:U0NOBODY'))).toEqual([]);
});

test('service, state, severity and time narrow what is found', async () => {
  expect(await found({ service: 'api' })).toEqual([disk]);
  expect(await found({ state: 'closed' })).toEqual([disk]);
  expect(await found({ state: 'open', words: ['pumpe'] })).toEqual([pump]);
  expect(await found({ severity: 'P2' })).toEqual([pump]);
  const now = Date.now();
  expect(await found({ from: new Date(now - 3_600_000), to: new Date(now + 3_600_000) })).toEqual([pump, disk]);
  expect(await found({ to: new Date(now - 3_600_000) })).toEqual([]);
});

test('no search reads a whole table of incidents or events', async () => {
  const large = await createTestDatabase();
  const many = testPool(large.url);
  try {
    await writeHistory(many, { incidents: 4000, effects: 100, runs: 50 });
    const searches: Partial<IncidentSearch>[] = [
      ...[{}, { words: ['disk'] }, { words: ['disk', 'full'] }, { person: ['slack:U1'] }, { service: 'api' }],
      ...[{ state: 'open' as const }, { state: 'closed' as const }, { severity: 'P0' as const }],
      ...[{ from: new Date() }, { to: new Date(0) }, { words: ['disk'], person: ['slack:U1'], state: 'open' as const }],
    ];
    for (const search of searches) {
      const { text, values } = searchStatement({ ...ANY, ...search });
      const { rows } = await many.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan, JSON.stringify(search)).not.toMatch(/Seq Scan/);
    }
  } finally {
    await many.end();
    await large.drop();
  }
});
