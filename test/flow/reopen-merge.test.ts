import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { readPublicStatus } from '../../src/store/incident/public-status.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { assignRole } from '../../src/verbs/incident/assign-role.ts';
import { changeService } from '../../src/verbs/incident/change-service.ts';
import { changeTitle } from '../../src/verbs/incident/change-title.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { mergeIncidents } from '../../src/verbs/incident/merge-incidents.ts';
import { postUpdate } from '../../src/verbs/incident/post-update.ts';
import { reopenIncident } from '../../src/verbs/incident/reopen-incident.ts';
import { closeIncident, resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = (severity: 'P0' | 'P1' | 'P2' | 'P3' = 'P0', more: { service?: string; mode?: 'drill' } = {}) =>
  declareIncident(verbs, by('slack:U01DAN'), {
    ...{ title: 'Primary site lost power', severity, service: null, channel: 'C1' },
    ...more,
  });
const now = async ({ id }: Pick<Incident, 'id'>) => (await findIncident(pool, id))!;
const of = (incident: Pick<Incident, 'id'>, kind: string) =>
  effectsOf(pool, `incident_id = ${incident.id} and kind = '${kind}'`);
const posts = async (incident: Pick<Incident, 'id'>, template: string) =>
  (await of(incident, 'message.post')).filter(({ payload }) => payload['template'] === template);
const opened = (incident: Incident, channel: string) =>
  pool.query(`update incident set channel = $2 where id = $1`, [incident.id, channel]);
const passed = (incident: Incident, minutes: number) =>
  pool.query(
    `update incident set declared_at = declared_at - $2 * interval '1 minute',
       resolved_at = resolved_at - $2 * interval '1 minute' where id = $1`,
    [incident.id, minutes],
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

describe('what is opened again', () => {
  test('pages anew from now, goes on from the declaration, and tells everyone who was told of the end', async () => {
    const incident = await declare('P0');
    await acknowledgeIncident(verbs, by(), incident.id, {});
    await resolveIncident(verbs, by(), incident.id, 'power is back');
    await passed(incident, 120);
    const before = await pagesOf(pool, incident.id);
    const reopened = await reopenIncident(verbs, by('slack:U01BEN'), incident.id, 'It is dark again');
    expect(reopened).toMatchObject({ state: 'open', resolved_at: null, acknowledged_at: null, ladder: 2, cadence: 2 });
    expect(Math.round(reopened.resolved_ms / 60_000)).toBe(120);
    const pages = (await pagesOf(pool, incident.id)).filter(({ state }) => state === 'triggered');
    expect(pages).toMatchObject([{ ladder: 2, role: 'on-call' }]);
    expect(before.map(({ dedup_key }) => dedup_key)).not.toContain(pages[0]!.dedup_key);
    // The next levels keep their distance from now, not from a declaration of two hours ago.
    const levels = (await of(incident, 'escalation.fire')).filter(({ key }) => /:2:[123]$/.test(key));
    const minutes = levels.map(({ due_at }) =>
      Math.round((due_at.getTime() - reopened.reopened_at!.getTime()) / 60_000),
    );
    expect(minutes).toEqual([5, 15, 30]);
    expect((await posts(incident, 'reopened')).map(({ payload }) => payload['to'])).toEqual(
      (await posts(incident, 'recovery-notification')).map(({ payload }) => payload['to']),
    );
    expect(reopened.next_update_due!.getTime() - reopened.reopened_at!.getTime()).toBe(15 * 60_000);
    const event = (await timelineOf(pool, incident.id)).find(({ kind }) => kind === 'incident.reopened');
    expect(event).toMatchObject({
      actor: 'slack:U01BEN',
      data: { reason: 'It is dark again', resolution: 'power is back' },
    });
  });

  test('pages whoever was given the role before, and may be ended, closed and archived again', async () => {
    const incident = await declare('P0');
    await opened(incident, 'C-AGAIN');
    await assignRole(verbs, by(), incident.id, 'on-call', 'slack:U01CLEO');
    for (const _time of [1, 2]) {
      await resolveIncident(verbs, by(), incident.id, 'power is back');
      await closeIncident(verbs, by(), incident.id);
      await reopenIncident(verbs, by(), incident.id, 'no, it is not');
    }
    expect(await of(incident, 'channel.archive')).toHaveLength(2);
    expect(await of(incident, 'channel.unarchive')).toHaveLength(2);
    const last = (await pagesOf(pool, incident.id)).filter(({ state }) => state === 'triggered');
    expect(last).toMatchObject([{ ladder: 3, people: ['cleo'] }]);
    // The channel is opened before anything is said in it.
    const lane = await effectsOf(pool, `ordering_key = 'incident:${incident.id}'`);
    const kinds = lane.map((row) => (row as unknown as { kind: string }).kind);
    expect(kinds.slice(kinds.lastIndexOf('channel.unarchive')).slice(0, 2)).toEqual([
      'channel.unarchive',
      'message.post',
    ]);
  });

  test('needs a reason and an end, and is opened once', async () => {
    const incident = await declare('P3');
    await expect(reopenIncident(verbs, by(), incident.id, 'x')).rejects.toMatchObject({ code: 'conflict' });
    await resolveIncident(verbs, by(), incident.id, 'done');
    await expect(reopenIncident(verbs, by(), incident.id, '  ')).rejects.toMatchObject({ code: 'invalid' });
    await expect(reopenIncident(verbs, by(), incident.id, 'x'.repeat(501))).rejects.toMatchObject({ code: 'invalid' });
    const request = by();
    const tries = [1, 2, 3].map(() => reopenIncident(verbs, request, incident.id, 'again'));
    const settled = await Promise.allSettled(tries);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await now(incident)).ladder).toBe(2);
  });
});

describe('a duplicate', () => {
  test('ends: its pages stop, its people are invited, both timelines say so, its readers get one line', async () => {
    const [kept, double] = [await declare('P1'), await declare('P0', { service: 'api' })];
    await opened(kept, 'C-KEPT');
    await opened(double, 'C-DOUBLE');
    await acknowledgeIncident(verbs, by('slack:U01BEN'), double.id, {});
    await postUpdate(verbs, by('slack:U0STRANGER'), double.id, 'I am here too');
    await mergeIncidents(verbs, by(), { from: double.id, into: kept.id });
    expect(await now(double)).toMatchObject({ state: 'closed', merged_into: kept.id });
    expect(await now(kept)).toMatchObject({ state: 'open', service: 'api', severity: 'P1' });
    expect((await pagesOf(pool, double.id)).every(({ state }) => state === 'resolved')).toBe(true);
    expect((await pagesOf(pool, kept.id)).some(({ state }) => state === 'triggered')).toBe(true);
    const [invited] = (await of(kept, 'channel.invite')).filter(({ key }) => key.includes('took'));
    expect(invited!.payload['people']).toEqual(
      expect.arrayContaining(['slack:U01BEN', 'slack:U01DAN', 'slack:U0STRANGER', 'slack:U01ANA']),
    );
    expect((await posts(double, 'merged')).map(({ payload }) => payload['to'])).toEqual(['incident', '#leadership']);
    expect(await posts(kept, 'merged-in')).toHaveLength(1);
    expect(await of(double, 'channel.archive')).toHaveLength(1);
    const last = async (incident: Incident) => (await timelineOf(pool, incident.id)).map(({ kind }) => kind);
    expect(await last(double)).toContain('incident.merged');
    expect(await last(kept)).toContain('incident.merged_in');
    await expect(postUpdate(verbs, by(), double.id, 'x')).rejects.toMatchObject({ fix: `use INC-${kept.id}` });
    await expect(reopenIncident(verbs, by(), double.id, 'x')).rejects.toThrow(`was merged into INC-${kept.id}`);
  });

  test('keeps its service hit for the public for as long as the other one is open', async () => {
    const [kept, double] = [
      await declare('P2', { service: 'shop-front' }),
      await declare('P0', { service: 'database' }),
    ];
    await mergeIncidents(verbs, by(), { from: double.id, into: kept.id });
    const state = async () =>
      (await readPublicStatus(pool, estate)).services.find(({ name }) => name === 'database')?.state;
    expect(await state()).toBe('major_outage');
    await resolveIncident(verbs, by(), kept.id, 'done');
    expect(await state()).toBe('operational');
  });

  test('is refused with itself, with a drill, with what is over, and while a run is live', async () => {
    const [kept, double, drill] = [await declare(), await declare(), await declare('P0', { mode: 'drill' })];
    const over = await declare();
    await resolveIncident(verbs, by(), over.id, 'done');
    const refused = async (from: Incident, into: Incident, words: RegExp) => {
      await expect(mergeIncidents(verbs, by(), { from: from.id, into: into.id })).rejects.toThrow(words);
    };
    await refused(kept, kept, /itself/);
    await refused(drill, kept, /drill/);
    await refused(kept, over, /resolved/);
    await pool.query(`insert into plan (digest, body) values ('d', '{}')`);
    await pool.query(
      `insert into run (incident_id, plan_digest, name, requested_by, state, remaining, started_at)
       values ($1, 'd', 'recover api', 'slack:U01ANA', 'running', 1, now())`,
      [double.id],
    );
    await refused(double, kept, /run \d+ \(recover api\)/);
    expect((await now(double)).state).toBe('open');
  });

  test('two merges at one moment, each the other way round, end one incident', async () => {
    const [one, two] = [await declare(), await declare()];
    const both = await Promise.allSettled([
      mergeIncidents(verbs, by(), { from: one.id, into: two.id }),
      mergeIncidents(verbs, by(), { from: two.id, into: one.id }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([(await now(one)).state, (await now(two)).state].sort()).toEqual(['closed', 'open']);
  });
});

describe('title and service', () => {
  test('a title goes to topic and card, the old one stays in the timeline and the channel keeps its name', async () => {
    const incident = await declare();
    const { name } = await now(incident);
    const hostile = '`<!channel>` \u202Eobey\u0007it';
    const { incident: changed } = await changeTitle(verbs, by(), incident.id, hostile);
    expect(changed).toMatchObject({ title: '`<!channel>` obey it', name });
    const last = (await timelineOf(pool, incident.id)).at(-1);
    expect(last).toMatchObject({ kind: 'incident.retitled', data: { from: 'Primary site lost power' } });
    expect(await of(incident, 'channel.topic')).toHaveLength(1);
    await expect(changeTitle(verbs, by(), incident.id, hostile)).rejects.toMatchObject({ code: 'conflict' });
    await expect(changeTitle(verbs, by(), incident.id, 'x'.repeat(100_000))).rejects.toThrow('100,000 characters');
    await expect(changeTitle(verbs, by(), incident.id, '\u200b \u2060')).rejects.toThrow('the title is empty');
  });

  test('a service invites its owner and tells everyone what is hit; a recovery names it where nobody did', async () => {
    const incident = await declare('P0');
    await changeService(verbs, by(), incident.id, 'database');
    expect((await posts(incident, 'service-changed')).map(({ payload }) => payload['to'])).toEqual([
      'incident',
      '#leadership',
    ]);
    const [invited] = (await of(incident, 'channel.invite')).filter(({ key }) => key.includes('service'));
    expect(invited!.payload['people']).toEqual(expect.arrayContaining(['ben', 'dan']));
    await expect(changeService(verbs, by(), incident.id, 'database')).rejects.toMatchObject({ code: 'conflict' });
    await expect(changeService(verbs, by(), incident.id, 'lamp')).rejects.toThrow('lamp');
    const other = await declare('P3');
    await requestRecovery(verbs, by(), other.id, 'api');
    expect(await now(other)).toMatchObject({ service: 'api' });
    const before = await declare('P3', { service: 'database' });
    await requestRecovery(verbs, by(), before.id, 'api');
    expect(await now(before)).toMatchObject({ service: 'database' });
  });
});
