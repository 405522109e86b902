import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postsRender } from '../../jobs/posts-render.ts';
import { loadTemplates } from '../../templates/engine.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { ChatMessage } from '../../src/ports/chat.ts';
import { findApproval, openApprovals } from '../../src/store/approval/approvals.ts';
import { findRun } from '../../src/store/run/runs.ts';
import { expireApproval } from '../../src/verbs/approval/decide-approval.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { fireEscalation } from '../../src/verbs/page/fire-escalation.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { heldBy } from '../support/domain-fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, step } from '../support/queue-plan.ts';
import { effectsOf, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

const MINUTE = 60_000;
let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;
const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });

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

const asking = () =>
  plan('asking', [
    step('ask', { uses: 'approval', with: { approvers: ['database'], timeout: 10 * MINUTE } }),
    step('act', { uses: 'noop', needs: ['ask'] }),
  ]);
/** As if this much time had passed since the request was made. */
const passed = (id: string, ms: number) =>
  pool.query(`update approval set expires_at = expires_at - $2 * interval '1 millisecond' where id = $1`, [id, ms]);

test('the time of a request stands still while its run is paused, and goes on with it', async () => {
  const incident = await plainIncident(pool);
  const run = await startRun(verbs, by(), incident, asking());
  const id = `${run.id}/ask/1`;
  await passed(id, 4 * MINUTE);
  await controlRun(verbs, by(), incident, null, { kind: 'pause', reason: 'Lunch' });
  const held = await findApproval(pool, id);
  expect(held?.expires_at).toBeNull();
  expect(Math.round((held?.left_ms ?? 0) / MINUTE)).toBe(6);
  await expireApproval(verbs, id); // its first timer fires meanwhile
  expect((await findApproval(pool, id))?.state).toBe('open');

  await controlRun(verbs, by(), incident, null, { kind: 'resume', reason: null });
  const going = await findApproval(pool, id);
  expect(going?.left_ms).toBeNull();
  expect(Math.round(((going?.expires_at?.getTime() ?? 0) - Date.now()) / MINUTE)).toBe(6);
  await expireApproval(verbs, id);
  expect((await findApproval(pool, id))?.state).toBe('open');
  const timers = await effectsOf(pool, `incident_id = ${incident} and kind = 'approval.expire'`);
  expect(timers.map(({ due_at }) => due_at.getTime()).at(-1)).toBe(going?.expires_at?.getTime());
  expect(timers).toHaveLength(2);
});

test('a request that nobody answered says how long it was open, and asking again asks anew', async () => {
  const incident = await plainIncident(pool);
  const run = await startRun(verbs, by(), incident, asking());
  await passed(`${run.id}/ask/1`, 11 * MINUTE);
  await expireApproval(verbs, `${run.id}/ask/1`);
  expect(await findRun(pool, run.id)).toMatchObject({ state: 'paused', reason: 'nobody approved in 10m' });
  await controlRun(verbs, by(), incident, run.id, { kind: 'retry', step: 'ask', reason: 'asked again' });
  const [again, ...more] = await openApprovals(pool, incident);
  expect(again).toMatchObject({ id: `${run.id}/ask/2`, left_ms: null });
  expect(Math.round(((again?.expires_at?.getTime() ?? 0) - Date.now()) / MINUTE)).toBe(10);
  expect(more).toEqual([]);
  expect((await findRun(pool, run.id))?.state).toBe('running');
});

test('a direct message loses its button once the page is answered, and one on its way is waited for', async () => {
  const { id } = await declareIncident(verbs, by(), {
    ...{ title: 'Power lost', severity: 'P0', service: null, channel: 'C1' },
  });
  await fireEscalation(verbs, { incident: id, ladder: 1, level: 0, holders: heldBy({ 'on-call': ['ana'] }) });
  const isPage = `incident_id = ${id} and kind = 'message.post' and payload->>'template' = 'page'`;
  const sent = { channel: 'D01ANA', ts: '1.2' };
  await pool.query(`update effect set state = 'running' where ${isPage}`);
  const updates: { channel: string; ts: string; message: ChatMessage }[] = [];
  const job = postsRender({
    ...{ pool, estate: () => estate, schedules: () => Promise.resolve({}), templates: await loadTemplates() },
    chat: {
      update(channel, ts, message) {
        updates.push({ channel, ts, message });
        return Promise.resolve(done(undefined));
      },
    },
  });
  const effect = { kind: 'posts.render', payload: { incident: id } } as ClaimedEffect<'posts.render'>;
  const context = { signal: new AbortController().signal };
  expect(await job.run(effect, context)).toMatchObject({ kind: 'retry' });
  await pool.query(`update effect set state = 'done', result = $1 where ${isPage}`, [JSON.stringify(sent)]);
  await job.run(effect, context);
  expect(JSON.stringify(updates.at(-1)?.message.blocks)).toContain('"action_id":"ack"');

  await acknowledgeIncident(verbs, by('slack:U01ANA'), id, {});
  expect(await effectsOf(pool, `incident_id = ${id} and kind = 'posts.render' and state = 'pending'`)).toHaveLength(1);
  await job.run(effect, context);
  expect(updates.at(-1)).toMatchObject(sent);
  expect(JSON.stringify(updates.at(-1)?.message.blocks)).not.toContain('"action_id":"ack"');
});
