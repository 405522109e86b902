import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { addNote } from '../../src/verbs/incident/add-note.ts';
import { assignRole } from '../../src/verbs/incident/assign-role.ts';
import { changeSeverity } from '../../src/verbs/incident/change-severity.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { fireCadence } from '../../src/verbs/incident/fire-cadence.ts';
import { fireEscalation } from '../../src/verbs/page/fire-escalation.ts';
import { postUpdate } from '../../src/verbs/incident/post-update.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { closeIncident, resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { aPolicy, heldBy } from '../support/domain-fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = (severity: 'P0' | 'P1' | 'P2' | 'P3' = 'P0', service: string | null = null, request = by()) =>
  declareIncident(verbs, request, { title: 'Primary site lost power', severity, service, channel: 'C1' });
const of = (incident: Pick<Incident, 'id'>, kind: string) =>
  effectsOf(pool, `incident_id = ${incident.id} and kind = '${kind}'`);
const kinds = async (incident: Pick<Incident, 'id'>) =>
  (await timelineOf(pool, incident.id)).map((event) => event.kind);
const offset = (incident: Incident, at: Date) => (at.getTime() - incident.declared_at.getTime()) / 60_000;

const fire = ({ id }: Incident, [ladder, level]: [number, number], people: Record<string, string[]>) =>
  fireEscalation(verbs, { incident: id, ladder, level, holders: heldBy(people) });

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

/** What a whole incident and all that belongs to it looks like, to see that nothing changed. */
async function snapshot(): Promise<unknown> {
  const tables = ['incident', 'event', 'effect', 'page', 'run', 'step', 'approval', 'approval_decision', 'inbound'];
  const read = (table: string) =>
    pool.query(`select * from ${table} t order by t::text`).then(({ rows }) => rows as unknown);
  return Promise.all(tables.map(read));
}

async function withBrokenEffects<T>(work: () => Promise<T>): Promise<T> {
  await pool.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'no effects today'; end $$`,
  );
  await pool.query(`create trigger refuse before insert on effect for each row execute function refuse()`);
  try {
    return await work();
  } finally {
    await pool.query(`drop function refuse cascade`);
  }
}

describe('state and intent', () => {
  test('commit together: an effect that cannot be written leaves nothing changed', async () => {
    const incident = await declare();
    const before = await snapshot();
    await withBrokenEffects(async () => {
      const attempts = [
        () => declare(),
        () => acknowledgeIncident(verbs, by(), incident.id, {}),
        () => changeSeverity(verbs, by(), incident.id, 'P1', 'less bad'),
        () => postUpdate(verbs, by(), incident.id, 'we look'),
        () => assignRole(verbs, by(), incident.id, 'secondary', 'slack:U01BEN'),
        () => fire(incident, [1, 0], { 'on-call': ['ana'] }),
        () => resolveIncident(verbs, by(), incident.id, 'power is back'),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow('no effects today');
    });
    expect(await snapshot()).toEqual(before);
  });

  test('a request that arrives twice changes nothing the second time', async () => {
    const request = by();
    const incident = await declare('P0', null, request);
    await expect(declare('P0', null, request)).rejects.toMatchObject({ code: 'conflict' });
    const again = by();
    await addNote(verbs, again, incident.id, 'the lights are out');
    const before = await snapshot();
    await expect(addNote(verbs, again, incident.id, 'the lights are out')).rejects.toMatchObject({ code: 'conflict' });
    const twice = await Promise.allSettled([1, 2, 3, 4].map(() => addNote(verbs, again, incident.id, 'x')));
    expect(twice.every((each) => each.status === 'rejected')).toBe(true);
    expect(await snapshot()).toEqual(before);
  });

  test('the same request ten times at once is one', async () => {
    const request = by();
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => declare('P2', null, request)));
    expect(all.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a declaration', () => {
  test('plans the channel first, then the card, which is the notice there, in one order; topic and people follow from the channel', async () => {
    const incident = await declare('P0');
    const lane = await effectsOf(pool, `incident_id = ${incident.id} and ordering_key = 'incident:${incident.id}'`);
    expect(lane.map((row) => (row as unknown as { kind: string }).kind)).toEqual(['channel.open', 'card.post']);
  });

  test('plans the ladder and the first update at their exact distance from T0', async () => {
    const incident = await declare('P0');
    const ladder = await of(incident, 'escalation.fire');
    const later = ladder.filter((row) => !row.key.endsWith(':people'));
    expect(later.map((row) => offset(incident, row.due_at))).toEqual([5, 15, 30]);
    const [slot] = await of(incident, 'cadence.fire');
    expect(offset(incident, slot!.due_at)).toBe(15);
    expect(offset(incident, incident.next_update_due!)).toBe(15);
  });

  test('intends the first page in its own transaction, and a schedule only names whom it wakes', async () => {
    const incident = await declare('P0');
    expect(await of(incident, 'pager.send')).toMatchObject([{ queue: 'pages', state: 'pending' }]);
    const [page] = await pagesOf(pool, incident.id);
    expect(page).toMatchObject({ level: 0, role: 'on-call', people: [], state: 'triggered' });
    const direct = async () => (await of(incident, 'message.post')).filter((row) => row.key.includes(page!.dedup_key));
    expect(await direct()).toEqual([]);
    for (let n = 0; n < 2; n += 1) await fire(incident, [1, 0], { 'on-call': ['ana'] });
    expect(await pagesOf(pool, incident.id)).toMatchObject([{ level: 0, people: ['ana'] }]);
    expect(await direct()).toHaveLength(1);
    expect((await kinds(incident)).filter((kind) => kind === 'escalation.level_fired')).toHaveLength(1);
  });

  test('a change of severity plans clocks and pages anew, without the time in which somebody had answered', async () => {
    const incident = await declare('P2');
    await acknowledgeIncident(verbs, by(), incident.id, {});
    const raised = await changeSeverity(verbs, by(), incident.id, 'P0', 'it spreads');
    expect(raised).toMatchObject({ severity: 'P0', acknowledged_at: null, ladder: 2, cadence: 2, update_slot: 1 });
    const ladder = (await of(incident, 'escalation.fire')).filter((row) =>
      row.key.startsWith(`ladder:${incident.id}:2:`),
    );
    expect(ladder.map((row) => Math.floor(offset(incident, row.due_at)))).toEqual([0, 5, 15, 30]);
    // The old ladder and the old cadence mean nothing any more.
    const before = await snapshot();
    await fire(incident, [1, 0], { 'on-call': ['ana'] });
    await fireCadence(verbs, { incident: incident.id, cadence: 1, slot: 1, due: incident.next_update_due! });
    expect(await snapshot()).toEqual(before);
    const lowered = await changeSeverity(verbs, by(), incident.id, 'P3', null);
    expect(lowered).toMatchObject({ severity: 'P3', ladder: 3 });
  });
});

describe('escalation', () => {
  test('a level fired twice pages once, and a role of an earlier level may be paged again by a later one', async () => {
    const own: Estate = {
      ...estate,
      escalation_policies: {
        ...estate.escalation_policies,
        critical: aPolicy([
          { after: 0, page: ['on-call'], notify: [] },
          { after: 300_000, page: ['on-call', 'secondary'], notify: [] },
          { after: 600_000, page: [], notify: ['management'] },
        ]),
      },
    };
    const deps = { pool, estate: () => own };
    const incident = await declare('P0');
    const holders = heldBy({ 'on-call': ['ana'], secondary: ['ben'] });
    for (const level of [0, 0, 1, 1, 2, 2])
      await fireEscalation(deps, { incident: incident.id, ladder: 1, level, holders });
    const pages = await pagesOf(pool, incident.id);
    expect(pages.map((page) => `${page.level} ${page.role}`).sort()).toEqual(['0 on-call', '1 on-call', '1 secondary']);
    expect((await kinds(incident)).filter((kind) => kind === 'escalation.level_fired')).toHaveLength(3);
  });

  test('a new ladder does not wake again whom an earlier one paged', async () => {
    const incident = await declare('P1');
    await fire(incident, [1, 0], { 'on-call': ['ana'] });
    await changeSeverity(verbs, by(), incident.id, 'P0', 'it spreads');
    const holders = heldBy({ 'on-call': ['ana'], secondary: ['ben'] });
    for (const level of [0, 1]) await fireEscalation(verbs, { incident: incident.id, ladder: 2, level, holders });
    const pages = await pagesOf(pool, incident.id);
    expect(pages.map((page) => `${page.ladder} ${page.role}`).sort()).toEqual(['2 on-call', '2 secondary']);
  });

  test.each(['trigger', 'arrived'])('a new ladder pages a role again whose page failed (%s)', async (end) => {
    const incident = await declare('P1');
    const [page] = await pagesOf(pool, incident.id);
    await pool.query(
      `insert into effect (key, kind, queue, incident_id, payload, due_at, state)
       values ($1, 'pager.send', 'pages', $2, '{}', now(), 'failed') on conflict (key) do update set state = 'failed'`,
      [`pager:${page!.dedup_key}:${end}`, incident.id],
    );
    await changeSeverity(verbs, by(), incident.id, 'P0', 'it spreads');
    await fire(incident, [2, 0], { 'on-call': ['ana'] });
    const pages = await pagesOf(pool, incident.id);
    expect(pages.map((each) => `${each.ladder} ${each.role}`).sort()).toEqual(['1 on-call', '2 on-call']);
  });

  test('twenty who acknowledge at once write one event and answer each page once', async () => {
    const incident = await declare('P0');
    await fire(incident, [1, 0], { 'on-call': ['ana'] });
    const all = await Promise.all(Array.from({ length: 20 }, () => acknowledgeIncident(verbs, by(), incident.id, {})));
    expect(all.filter((each) => each.fresh)).toHaveLength(1);
    expect((await kinds(incident)).filter((kind) => kind === 'incident.acknowledged')).toHaveLength(1);
    const sends = (await of(incident, 'pager.send')).map((row) => row.key.split(':').at(-1));
    expect(sends).toEqual(['trigger', expect.stringMatching(/^\d+$/)]);
    await fire(incident, [1, 1], { secondary: ['ben'] });
    expect(await pagesOf(pool, incident.id)).toHaveLength(1);
  });
});

describe('status updates', () => {
  test('after an outage the missed ones collapse into one, and the next keeps the rhythm', async () => {
    const incident = await declare('P0');
    const due = incident.next_update_due!;
    // Four slots of 15 minutes and a half passed while nobody was there.
    const past = new Date(Date.now() - 4.5 * 15 * 60_000);
    await pool.query(`update incident set next_update_due = $2 where id = $1`, [incident.id, past]);
    const fire = () => fireCadence(verbs, { incident: incident.id, cadence: 1, slot: 1, due: past });
    await fire();
    await fire();
    const updates = (await timelineOf(pool, incident.id)).filter((event) => event.kind === 'update.posted');
    expect(updates).toMatchObject([{ actor: 'lifeboat', data: { missed: 4 } }]);
    const after = await findIncident(pool, incident.id);
    expect(after!.update_slot).toBe(6);
    expect(after!.next_update_due!.getTime() - past.getTime()).toBe(5 * 15 * 60_000);
    expect(due.getTime()).toBeGreaterThan(past.getTime());
    const timers = await of(incident, 'cadence.fire');
    expect(timers.at(-1)).toMatchObject({ key: `cadence:${incident.id}:1:6`, due_at: after!.next_update_due });
  });

  test('a written update answers the slot and moves the next', async () => {
    const incident = await declare('P0');
    const updated = await postUpdate(verbs, by(), incident.id, 'generator runs');
    expect(updated).toMatchObject({ last_update: 'generator runs', cadence: 2, update_slot: 1 });
    await fireCadence(verbs, { incident: incident.id, cadence: 1, slot: 1, due: incident.next_update_due! });
    expect((await kinds(incident)).filter((kind) => kind === 'update.posted')).toHaveLength(1);
  });
});

describe('the end of an incident', () => {
  test('stops everything: no level, no update, no second end', async () => {
    const incident = await declare('P0');
    await fire(incident, [1, 0], { 'on-call': ['ana'] });
    const resolved = await resolveIncident(verbs, by(), incident.id, 'power is back');
    expect(resolved).toMatchObject({ state: 'resolved', next_update_due: null });
    expect((await of(incident, 'pager.send')).map((row) => row.key.split(':').at(-1))).toEqual(['trigger', 'resolve']);
    const before = await snapshot();
    await fire(incident, [1, 1], { secondary: ['ben'] });
    await fireCadence(verbs, { incident: incident.id, cadence: 1, slot: 1, due: incident.next_update_due! });
    const refused = [
      () => resolveIncident(verbs, by(), incident.id, 'again'),
      () => postUpdate(verbs, by(), incident.id, 'late'),
      () => acknowledgeIncident(verbs, by(), incident.id, {}),
      () => changeSeverity(verbs, by(), incident.id, 'P1', null),
      () => requestRecovery(verbs, by(), incident.id, 'database'),
    ];
    for (const each of refused) await expect(each()).rejects.toMatchObject({ code: 'conflict' });
    expect(await snapshot()).toEqual(before);
  });

  test('archives the channel after all that is still to be shown there', async () => {
    const incident = await declare('P0');
    await resolveIncident(verbs, by(), incident.id, 'power is back');
    await pool.query(`update effect set state = 'done' where incident_id = $1`, [incident.id]);
    await closeIncident(verbs, by(), incident.id);
    const lane = await effectsOf(pool, `incident_id = ${incident.id} and state <> 'done'`);
    expect(lane.map((row) => (row as unknown as { kind: string }).kind)).toEqual([
      'channel.topic',
      'card.render',
      'channel.archive', // waits for the others by itself
    ]);
  });
});
