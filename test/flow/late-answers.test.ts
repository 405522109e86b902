import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recoveryAssess } from '../../jobs/recovery-assess.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { createRedactor } from '../../src/runtime/redact.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { changeSeverity } from '../../src/verbs/incident/change-severity.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { fireEscalation } from '../../src/verbs/page/fire-escalation.ts';
import { pagePeople } from '../../src/verbs/page/page-people.ts';
import { recordPagerEvent } from '../../src/verbs/page/record-pager-event.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { heldBy } from '../support/domain-fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = (severity: 'P0' | 'P1') =>
  declareIncident(verbs, by(), { title: 'Primary site lost power', severity, service: null, channel: 'C1' });
const of = (incident: Pick<Incident, 'id'>, kind: string) =>
  effectsOf(pool, `incident_id = ${incident.id} and kind = '${kind}'`);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 25);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a person who is paged after somebody acknowledged', () => {
  test('answers the own page here and in the pager, and nobody else silences it', async () => {
    const incident = await declare('P0');
    await acknowledgeIncident(verbs, by('slack:U01ANA'), incident.id, {});
    await pagePeople(verbs, by('slack:U01ANA'), incident.id, {
      role: 'secondary',
      people: ['ben'],
      text: 'Come',
      assign: null,
    });
    expect(await acknowledgeIncident(verbs, by('slack:U01CLEO'), incident.id, {})).toMatchObject({
      fresh: false,
      pages: 0,
    });
    expect((await pagesOf(pool, incident.id)).map(({ state }) => state)).toEqual(['acknowledged', 'triggered']);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => acknowledgeIncident(verbs, by('slack:U01BEN'), incident.id, {})),
    );
    expect(answers.filter(({ pages }) => pages === 1)).toHaveLength(1);
    expect((await pagesOf(pool, incident.id)).map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged']);
    const sends = (await of(incident, 'pager.send')).map((row) => row.key.split(':').at(-1));
    expect(sends).toEqual(['trigger', expect.stringMatching(/^\d+$/), 'trigger', expect.stringMatching(/^\d+$/)]);
    expect((await findIncident(pool, incident.id))?.acknowledged_by).toBe('slack:U01ANA');
  });
});

describe('a page that a raise of the severity left ringing', () => {
  test('an answer in the pager to a page that a new ladder left ringing stops the new ladder', async () => {
    const incident = await declare('P1');
    const { id } = incident;
    await fireEscalation(verbs, { incident: id, ladder: 1, level: 0, holders: heldBy({ 'on-call': ['ana'] }) });
    await changeSeverity(verbs, by(), id, 'P0', 'it spreads');
    await fireEscalation(verbs, { incident: id, ladder: 2, level: 0, holders: heldBy({ 'on-call': ['ana'] }) });
    const [page] = await pagesOf(pool, id);
    await recordPagerEvent(
      verbs,
      by('pagerduty:PANA001'),
      { dedup_key: page?.dedup_key ?? '', pager_id: 'Q1' },
      { kind: 'acknowledged', actor: 'pagerduty:PANA001', status: 'acknowledged', people: null, text: null },
    );
    expect((await findIncident(pool, id))?.acknowledged_by).toBe('pagerduty:PANA001');
    await fireEscalation(verbs, { incident: id, ladder: 2, level: 1, holders: heldBy({ secondary: ['ben'] }) });
    expect(await pagesOf(pool, id)).toHaveLength(1);
  });
});

describe('a recovery whose service a reload takes away', () => {
  test('is refused in the channel instead of being tried in silence', async () => {
    const incident = await declare('P0');
    await requestRecovery(verbs, by(), incident.id, 'database');
    const [asked] = await of(incident, 'recovery.assess');
    const shrunk = (): Estate => ({ ...estate, services: {} });
    const job = recoveryAssess({
      ...{ verbs: { pool, estate: shrunk }, estate: shrunk, actions: {}, redactor: createRedactor() },
    });
    const effect: ClaimedEffect<'recovery.assess'> = {
      id: '1',
      key: asked!.key,
      kind: 'recovery.assess',
      queue: 'steps',
      incident_id: incident.id,
      payload: { incident: incident.id, service: 'database', actor: 'slack:U01ANA' },
      ordering_key: null,
      fence: 1,
      attempts: 1,
      unknown_since: null,
      left_by: [],
      cancel_requested: false,
      mode: 'live' as const,
      created_at: new Date(),
    };
    expect(await job.run(effect, { signal: new AbortController().signal })).toMatchObject({ kind: 'done' });
    const posts = await of(incident, 'message.post');
    expect(posts.map(({ key }) => key)).toContainEqual(expect.stringContaining('refused:'));
  });
});
