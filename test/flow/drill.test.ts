import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJobs } from '../../jobs/index.ts';
import { createDrillJobs } from '../../src/drill-jobs.ts';
import { parseEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { plan, step } from '../support/queue-plan.ts';
import { createRedactor } from '../../src/runtime/redact.ts';
import { recordingsOf, writeRecording } from '../../src/store/drill/recordings.ts';
import {
  countOpen,
  findIncident,
  incidentsNear,
  listDrills,
  listIncidents,
} from '../../src/store/incident/incidents.ts';
import { readPublicStatus } from '../../src/store/incident/public-status.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { addNote } from '../../src/verbs/incident/add-note.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { closeIncident, resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { loadTemplates } from '../../templates/engine.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { watchedAdapters, type Watched } from '../support/watched-adapters.ts';
import { effectsOf, launch, smallEstate, testPool, type Boat } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let real: Watched;
let boat: Boat | undefined;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = (mode?: 'drill') =>
  declareIncident(verbs, by(), {
    ...{ title: 'Region lost', severity: 'P0', service: 'api', channel: 'C01GENERAL' },
    ...(mode && { mode }),
  });

beforeEach(async () => {
  [database, estate] = await Promise.all([createTestDatabase(), smallEstate()]);
  pool = testPool(database.url);
  verbs = { pool, estate: () => estate };
  real = watchedAdapters();
  boat = undefined;
});
afterEach(async () => {
  await boat?.stop(100);
  await pool.end();
  await database.drop();
});

/** A process with the adapters of `real` for what is live. */
async function work(): Promise<void> {
  const common = {
    ...{ pool, verbs, urgent: verbs, estate: () => estate, templates: await loadTemplates() },
    redactor: createRedactor([]),
  };
  const endOlder = () => Promise.resolve({ ended: 0, alive: [], elsewhere: [], frozen: [], blind: false });
  const jobs = createJobs({ ...common, chat: real.chat, pager: real.pager, actions: {}, endOlder });
  const drillJobs = createDrillJobs(common, true);
  const record = { parse: parseEffect, verbs };
  boat = await launch({ url: database.url, jobs, drillJobs, ...record });
}

const settled = (id: number): Promise<unknown> =>
  waitFor('everything of it', async () => {
    const left = await effectsOf(pool, `incident_id = ${id} and (queue in ('chat', 'pages')) and state <> 'done'`);
    return left.length === 0;
  });

test('a drill goes the way of an incident, and what it would send is written down instead', async () => {
  await work();
  const { id } = await declare('drill');
  expect(id).toBe(-1);
  await settled(id);
  await resolveIncident(verbs, by(), id, 'It was one');
  await closeIncident(verbs, by(), id);
  await settled(id);
  expect(real.calls).toEqual([]);
  const { shown, total } = await recordingsOf(pool, id, 1000);
  expect(total).toBe(shown.length);
  const calls = new Set(shown.map(({ call }) => call));
  for (const call of ['page', 'note', 'post', 'update', 'channel', 'invite', 'topic', 'pin', 'archive'])
    expect(calls).toContain(call);
  const [page] = shown.filter(({ call }) => call === 'page');
  expect(page).toMatchObject({ text: expect.stringContaining('DRILL-1') as string, body: { action: 'trigger' } });
  expect(await findIncident(pool, id)).toMatchObject({ state: 'closed', channel: 'drill:drill-1-region-lost' });
});

test('an incident beside a drill reaches the outside, and nothing of it is recorded', async () => {
  await work();
  const drill = await declare('drill');
  const incident = await declare();
  expect([drill.id, incident.id]).toEqual([-1, 1]);
  await Promise.all([settled(drill.id), settled(incident.id)]);
  expect(real.calls).toEqual(expect.arrayContaining(['openChannel', 'post', 'send']));
  expect(JSON.stringify(real.said)).not.toContain('DRILL-1');
  const kept = await pool.query('select distinct incident_id from recording');
  expect(kept.rows).toEqual([{ incident_id: -1 }]);
});

test('every effect carries its mode, and the database takes none of a drill as live', async () => {
  const [drill, incident] = [await declare('drill'), await declare()];
  await addNote(verbs, by(), drill.id, 'seen');
  const modes = await pool.query('select distinct incident_id as id, mode from effect order by 1');
  expect(modes.rows).toEqual([
    { id: drill.id, mode: 'drill' },
    { id: incident.id, mode: 'live' },
  ]);
  await expect(pool.query(`update effect set mode = 'live' where incident_id = $1`, [drill.id])).rejects.toThrow(
    'effect_mode_check',
  );
});

test('no list, count or page of incidents knows of drills, and drills have a list of their own', async () => {
  const drill = await declare('drill');
  expect(await listIncidents(pool, ['open', 'resolved', 'closed'])).toEqual([]);
  expect(await countOpen(pool)).toBe(0);
  expect(await incidentsNear(pool, 'C01GENERAL', ['open'])).toEqual({ here: null, live: [] });
  const calm = { state: 'operational', unknown: null, resolved: [] };
  expect(await readPublicStatus(pool, estate)).toMatchObject(calm);
  expect((await listDrills(pool, ['open'])).map(({ id }) => id)).toEqual([drill.id]);
  await resolveIncident(verbs, by(), drill.id, 'done');
  expect(await readPublicStatus(pool, estate)).toMatchObject(calm);
  await closeIncident(verbs, by(), drill.id);
  expect(await listDrills(pool, ['open', 'resolved'])).toEqual([]);
  expect((await listDrills(pool, ['closed'])).map(({ id }) => id)).toEqual([drill.id]);
});

test('a drill runs no steps: recovery and runbooks are refused with the reason and the way', async () => {
  const { id } = await declare('drill');
  const refused = { message: expect.stringMatching(/^DRILL-1 is a drill and cannot/) as string, code: 'conflict' };
  await expect(requestRecovery(verbs, by(), id, 'api')).rejects.toMatchObject(refused);
  await expect(startRun(verbs, by(), id, plan('p', [step('a')]))).rejects.toMatchObject(refused);
  expect(await effectsOf(pool, `queue = 'steps'`)).toEqual([]);
});

test('what an effect would send twice is written once, and goes when its effect goes', async () => {
  const { id } = await declare('drill');
  const [effect] = await effectsOf(pool, `incident_id = ${id}`);
  const write = (text: string) => writeRecording(pool, effect!.id, id, { call: 'post', target: 'C1', text, body: {} });
  expect(await write('first')).toBe(await write('second'));
  expect((await recordingsOf(pool, id)).shown).toMatchObject([{ text: 'second' }]);
  await pool.query('delete from effect where id = $1', [effect!.id]);
  expect((await recordingsOf(pool, id)).total).toBe(0);
});

test('numbers of drills come from a sequence of their own', async () => {
  const ids = [await declare('drill'), await declare(), await declare('drill'), await declare()].map(({ id }) => id);
  expect(ids).toEqual([-1, 1, -2, 2]);
});
