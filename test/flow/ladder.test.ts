import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate, EscalationPolicy, SeverityId } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { changeSeverity } from '../../src/verbs/incident/change-severity.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { passRto } from '../../src/verbs/incident/pass-rto.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { endEscalation } from '../../src/verbs/page/end-escalation.ts';
import { fireEscalation } from '../../src/verbs/page/fire-escalation.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { heldBy } from '../support/domain-fixtures.ts';
import { effectsOf, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let sequence = 0;
const ANA = 'slack:U01ANA';
const by = (actor = ANA) => ({ key: `ladder ${(sequence += 1)}`, actor });
const declare = (severity: SeverityId): Promise<Incident> =>
  declareIncident(verbs, by(), { title: 'It is dark', severity, service: null, channel: null });
const HOLDERS = heldBy({ 'on-call': ['ana'], secondary: ['ben'], 'incident-commander': ['cleo'], database: ['dan'] });
const fire = ({ id }: Incident, ladder: number, level: number, over = {}) =>
  fireEscalation(verbs, { incident: id, ladder, level, holders: HOLDERS, ...over });
const pages = async ({ id }: Incident) =>
  (await pagesOf(pool, id)).map(({ dedup_key, state }) => `${dedup_key.split(/INC-\d+\//)[1]} ${state}`);
const sent = async ({ id }: Incident, like: string) =>
  (await effectsOf(pool, `incident_id = ${id} and key like '${like}'`)).map(({ key }) => key);
const withRepeat = (repeat: EscalationPolicy['repeat']): VerbDeps => {
  const own = structuredClone(estate);
  own.escalation_policies['critical']!.repeat = repeat;
  return { pool, estate: () => own };
};

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('an unanswered incident that is raised pages the on-call anew, and nobody holds two open pages', async () => {
  const incident = await declare('P2');
  await changeSeverity(verbs, by(), incident.id, 'P0', null);
  for (let n = 0; n < 2; n += 1) await fire(incident, 2, 0, { again: true });
  expect(await pages(incident)).toEqual(['1.0/on-call resolved', '2.0/on-call triggered']);
  expect(await sent(incident, 'pager:%/1.0/on-call:resolve%')).toHaveLength(1);
  expect(await sent(incident, 'pager:%/2.0/on-call:trigger')).toHaveLength(1);
});

test('what was past at the raise and answered is not repeated; what comes later asks everybody', async () => {
  const incident = await declare('P2');
  await acknowledgeIncident(verbs, by(), incident.id, { 'on-call': { kind: 'named', people: ['ana'] } });
  await changeSeverity(verbs, by(), incident.id, 'P0', null);
  await fire(incident, 2, 0, { again: true });
  expect(await pages(incident)).toEqual(['1.0/on-call acknowledged']);
  await fire(incident, 2, 1, { again: true });
  expect(await pages(incident)).toEqual(['1.0/on-call acknowledged', '2.1/secondary triggered']);
  expect(await findIncident(pool, incident.id)).toMatchObject({ acknowledged_by: null, ladder: 2 });
});

test('raising an old incident that paged nobody begins with the first level’s own time', async () => {
  const incident = await declare('P3');
  await pool.query(`update incident set declared_at = declared_at - interval '10 hours' where id = $1`, [incident.id]);
  await changeSeverity(verbs, by(), incident.id, 'P0', null);
  const timers = await effectsOf(pool, `incident_id = ${incident.id} and key like 'ladder:%:2:%'`);
  const from = timers[0]!.due_at.getTime();
  expect(timers.map(({ due_at }) => (due_at.getTime() - from) / 60_000)).toEqual([0, 5, 15, 30]);
  expect(Date.now() - from).toBeLessThan(60_000);
  await fire(incident, 2, 0, { again: true });
  const said = async () =>
    (await effectsOf(pool, `incident_id = ${incident.id} and payload->>'template' = 'escalation'`)).map(
      ({ payload }) => payload['params'] as Record<string, unknown>,
    );
  for (const params of await said()) expect(params).not.toHaveProperty('after_ms');
});

test('the last level plans the end; unanswered, it is said once, and an answer makes it silent', async () => {
  const incident = await declare('P0');
  for (const level of [1, 2, 3]) await fire(incident, 1, level);
  const [end] = await effectsOf(pool, `incident_id = ${incident.id} and kind = 'escalation.end'`);
  expect((end!.due_at.getTime() - Date.now()) / 60_000).toBeGreaterThan(14);
  for (let n = 0; n < 2; n += 1) await endEscalation(verbs, { incident: incident.id, ladder: 1 });
  expect((await sent(incident, 'post:%:ended:%')).sort()).toEqual([
    `post:${incident.id}:ladder:1:ended:U01ANA`,
    `post:${incident.id}:ladder:1:ended:incident`,
  ]);
  const answered = await declare('P0');
  await acknowledgeIncident(verbs, by(), answered.id, {});
  await endEscalation(verbs, { incident: answered.id, ladder: 1 });
  expect(await sent(answered, 'post:%:ended:%')).toEqual([]);
});

test('a policy that repeats pages everybody anew, ends the old pages, and says its end after the last time', async () => {
  const deps = withRepeat(1);
  const incident = await declare('P0');
  await endEscalation(deps, { incident: incident.id, ladder: 1 });
  expect(await findIncident(pool, incident.id)).toMatchObject({ ladder: 2, ladder_round: 1 });
  await endEscalation(deps, { incident: incident.id, ladder: 1 }); // the old ladder’s timer, once more
  await fire(incident, 2, 0, { again: true });
  expect(await pages(incident)).toEqual(['1.0/on-call resolved', '2.0/on-call triggered']);
  expect(await sent(incident, 'post:%:ended:%')).toEqual([]);
  await endEscalation(deps, { incident: incident.id, ladder: 2 });
  expect(await sent(incident, 'post:%:ended:%')).toHaveLength(2);
  const [repeated] = await effectsOf(pool, `incident_id = ${incident.id} and payload->>'template' = 'escalation'`);
  expect(repeated?.payload['params']).toMatchObject({ level: 1, round: 2 });
});

test('the objective’s end is said and paged once, moves with the severity, and not when it is over', async () => {
  const incident = await declare('P0');
  const due = async () =>
    (await effectsOf(pool, `incident_id = ${incident.id} and kind = 'rto.pass'`)).map((each) =>
      Math.round((each.due_at.getTime() - incident.declared_at.getTime()) / 60_000),
    );
  expect(await due()).toEqual([60]);
  const pass = (id = incident.id) => passRto(verbs, { incident: id, holders: HOLDERS });
  await pass();
  expect(await pages(incident)).toEqual(['1.0/on-call triggered']);
  await changeSeverity(verbs, by(), incident.id, 'P1', null);
  expect(await due()).toEqual([60, 240]);
  await pool.query(`update incident set declared_at = declared_at - interval '2 hours' where id = $1`, [incident.id]);
  await pass();
  expect(await pages(incident)).toHaveLength(1); // P1 has four hours
  await pool.query(`update incident set declared_at = declared_at - interval '2 hours' where id = $1`, [incident.id]);
  for (let n = 0; n < 3; n += 1) await pass();
  const [, page] = await pages(incident);
  expect(page).toMatch(/^rto\w+\/incident-commander triggered$/);
  expect(await pages(incident)).toHaveLength(2);
  expect(await sent(incident, 'post:%:rto:%')).toHaveLength(1);
  const over = await declare('P0');
  await resolveIncident(verbs, by(), over.id, 'Lit');
  await pool.query(`update incident set declared_at = declared_at - interval '2 hours' where id = $1`, [over.id]);
  await pass(over.id);
  expect(await sent(over, 'post:%:rto:%')).toEqual([]);
});
