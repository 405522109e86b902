import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { readContent } from '../../src/store/approval/approval-request.ts';
import { openApprovals } from '../../src/store/approval/approvals.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import { decideApproval } from '../../src/verbs/approval/decide-approval.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { assignRole } from '../../src/verbs/incident/assign-role.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { fireEscalation } from '../../src/verbs/page/fire-escalation.ts';
import { pagePeople } from '../../src/verbs/page/page-people.ts';
import { recordPagerEvent } from '../../src/verbs/page/record-pager-event.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import type { PagerNews } from '../../src/domain/escalation/pager-news.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aPlan, aStep, heldBy } from '../support/domain-fixtures.ts';
import { effectsOf, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let sequence = 0;
const [ANA, BEN, CLEO] = ['slack:U01ANA', 'slack:U01BEN', 'slack:U01CLEO'] as const;
const by = (actor: string) => ({ key: `answers ${(sequence += 1)}`, actor });
const declare = (): Promise<Incident> =>
  declareIncident(verbs, by(ANA), { title: 'It is dark', severity: 'P0', service: null, channel: null });
const fire = (incident: Incident, level: number, people: Record<string, string[]>) =>
  fireEscalation(verbs, { incident: incident.id, ladder: 1, level, holders: heldBy(people) });
const states = async (incident: Incident) =>
  Object.fromEntries(
    (await pagesOf(pool, incident.id)).map(({ role, state, answered_by }) => [role, [state, answered_by]]),
  );
const acknowledged = async (incident: Incident) =>
  (await effectsOf(pool, `incident_id = ${incident.id} and key like '%:acknowledge:%'`)).map(
    ({ key }) => key.split('/').at(-1)?.split(':')[0],
  );

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

test('an answer is to the pages that ask for this person; others ring until they answer, or it is over', async () => {
  const incident = await declare();
  await fire(incident, 0, { 'on-call': ['ana'] });
  await fire(incident, 1, { secondary: ['ben'] });
  await pagePeople(verbs, by(ANA), incident.id, { role: 'cleo', people: ['cleo'], text: null, assign: null });
  const first = await acknowledgeIncident(verbs, by(ANA), incident.id, {});
  expect(first).toMatchObject({ fresh: true, pages: 1 });
  expect(first.ringing.map(({ role }) => role).sort()).toEqual(['cleo', 'secondary']);
  expect(await states(incident)).toEqual({
    'on-call': ['acknowledged', ANA],
    secondary: ['triggered', null],
    cleo: ['triggered', null],
  });
  expect(await acknowledged(incident)).toEqual(['on-call']);
  await fire(incident, 2, { 'incident-commander': ['dan'] });
  expect(await pagesOf(pool, incident.id)).toHaveLength(3); // nobody new
  expect(await acknowledgeIncident(verbs, by(BEN), incident.id, {})).toMatchObject({ fresh: false, pages: 1 });
  expect((await states(incident)).cleo).toEqual(['triggered', null]);
  await resolveIncident(verbs, by(ANA), incident.id, 'Lit');
  expect((await states(incident)).cleo?.[0]).toBe('resolved');
});

test('who answers without having been paged stops the ladder, and silences nobody', async () => {
  const incident = await declare();
  await fire(incident, 0, { 'on-call': ['ana'] });
  const found = await acknowledgeIncident(verbs, by(CLEO), incident.id, {
    'on-call': { kind: 'named', people: ['ana'] },
  });
  expect(found).toMatchObject({ fresh: true, pages: 0 });
  expect(await states(incident)).toEqual({ 'on-call': ['triggered', null] });
});

test('an acknowledgement in the pager answers that page alone; taken back, the ladder climbs on', async () => {
  const incident = await declare();
  await fire(incident, 0, { 'on-call': ['ana'] });
  await fire(incident, 1, { secondary: ['ben'] });
  const [page, other] = await pagesOf(pool, incident.id);
  const tell = (kind: PagerNews['kind'], actor: string, key = page!.dedup_key) =>
    recordPagerEvent(
      verbs,
      by(actor),
      { dedup_key: key, pager_id: `Q${key}` },
      { kind, actor, status: null, people: null, text: null },
    );
  await tell('acknowledged', 'pagerduty:PANA001:Ana Ito');
  expect(await states(incident)).toMatchObject({
    'on-call': ['acknowledged', 'pagerduty:PANA001:Ana Ito'],
    secondary: ['triggered', null],
  });
  await tell('acknowledged', BEN, other!.dedup_key);
  await tell('unacknowledged', 'pagerduty');
  expect(await findIncident(pool, incident.id)).toMatchObject({ acknowledged_by: null, ladder: 2 });
  const again = (level: number, people: Record<string, string[]>) =>
    fireEscalation(verbs, { incident: incident.id, ladder: 2, level, resumed: true, holders: heldBy(people) });
  await again(0, { 'on-call': ['ana'] });
  await again(1, { secondary: ['ben'] });
  // Ana's page rings already and she reads it once more; Ben answered his.
  expect(await pagesOf(pool, incident.id)).toHaveLength(2);
  const told = await effectsOf(pool, `incident_id = ${incident.id} and key like '%:again:%' and kind = 'message.post'`);
  expect(told).toHaveLength(1);
  await again(2, { 'incident-commander': ['dan'], 'on-call': ['ana'] });
  expect((await pagesOf(pool, incident.id)).map(({ role }) => role)).toEqual([
    'on-call',
    'secondary',
    'incident-commander',
  ]);
  // The same page is answered again, and the pager hears of it again.
  await acknowledgeIncident(verbs, by(ANA), incident.id, {});
  expect(await acknowledged(incident)).toEqual(['on-call']);
  expect(await findIncident(pool, incident.id)).toMatchObject({ acknowledged_by: ANA });
});

test('news that name only the pager’s own id find their page', async () => {
  const incident = await declare();
  const [page] = await pagesOf(pool, incident.id);
  await recordPagerEvent(verbs, by('pagerduty'), { dedup_key: page!.dedup_key, pager_id: 'QNOTE1' }, null);
  const note: PagerNews = { kind: 'annotated', actor: 'pagerduty:PZOE:Zoe', status: null, people: null, text: 'Hm' };
  await recordPagerEvent(verbs, by('pagerduty:PZOE:Zoe'), { dedup_key: null, pager_id: 'QNOTE1' }, note);
  const { rows } = await pool.query<{ data: { text: string } }>(
    `select data from event where incident_id = $1 and kind = 'page.annotated'`,
    [incident.id],
  );
  expect(rows.map(({ data }) => data.text)).toEqual(['Hm']);
});

test('whom a schedule names and who took the role may approve, and the request follows', async () => {
  const own = structuredClone(estate);
  own.roles['secondary'] = { people: ['cleo', 'dan'], pagerduty_schedule: 'PSCHED2' };
  const deps: VerbDeps = { pool, estate: () => own };
  const incident = await declare();
  const ask = async (name: string) => {
    const consent = aStep('consent', { uses: 'approval', with: { approvers: ['secondary'], min_approvals: 1 } });
    await startRun(deps, by(CLEO), incident.id, { ...aPlan([consent]), name, digest: name.padEnd(64, '0') });
    return (await openApprovals(pool, incident.id)).at(-1)!;
  };
  const approve = async (request: Awaited<ReturnType<typeof ask>>, actor: string, people: string[]) => {
    const { digest: seen_digest } = await readContent(pool, own, request);
    const scheduled = { secondary: { kind: 'named' as const, people } };
    return decideApproval(deps, by(actor), {
      ...{ approval: request.id, decision: 'approve', comment: null, seen_digest, scheduled },
    });
  };
  const first = await ask('a1');
  await expect(approve(first, ANA, ['ben'])).rejects.toMatchObject({ code: 'forbidden' });
  expect(await approve(first, BEN, ['ben'])).toBe('approved');
  const second = await ask('a2');
  await assignRole(deps, by(BEN), incident.id, 'secondary', ANA);
  const renders = await effectsOf(pool, `incident_id = ${incident.id} and kind = 'approval.render'`);
  expect(renders.some(({ key }) => key.includes(second.id))).toBe(true);
  await expect(approve(second, BEN, ['ben'])).rejects.toMatchObject({ code: 'forbidden' });
  expect(await approve(second, ANA, ['ben'])).toBe('approved');
});
