import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRedactor } from '../../src/runtime/redact.ts';
import { createJobs } from '../../jobs/index.ts';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import { parseEffect } from '../../src/domain/effect/effect.ts';
import { done, rejected } from '../../src/domain/effect/outcome.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { findIncident } from '../../src/store/incident/incidents.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { fireCadence } from '../../src/verbs/incident/fire-cadence.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { loadTemplates } from '../../templates/engine.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { keyOf } from '../support/program-world.ts';
import { plan, step } from '../support/queue-plan.ts';
import { effectsOf, launch, smallEstate, testPool, type Boat } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

const ORIGIN = 'C01GENERAL';
let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let slack: SlackStandIn;
let boat: Boat | undefined;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = () =>
  declareIncident(verbs, by(), { title: 'Power lost', severity: 'P0', service: null, channel: ORIGIN });
const keys = (channel: string): string[] => slack.workspace.messages({ channel }).map((each) => keyOf(each) ?? '');
const now = async ({ id }: Incident): Promise<Incident> => (await findIncident(pool, id))!;

beforeEach(async () => {
  [database, slack, estate] = await Promise.all([createTestDatabase(), startSlackStandIn(), smallEstate()]);
  pool = testPool(database.url);
  verbs = { pool, estate: () => estate };
  boat = undefined;
});
afterEach(async () => {
  await boat?.stop(100);
  await Promise.all([slack.close(), pool.end()]);
  await database.drop();
});

const nothingLeft = () => Promise.resolve({ ended: 0, alive: [], elsewhere: [], frozen: [], blind: false });

/** Everything that sends, with the real adapter of Slack; a step that asks for nothing fails. */
async function work(): Promise<void> {
  const chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 1000 });
  const fine = () => Promise.resolve(done(undefined));
  const silent = {
    tells: false,
    arrived: () => Promise.resolve(done(true)),
    assigns: false,
    assign: fine,
    ownKey: () => false,
  };
  const pager = { send: fine, note: fine, notes: false, onCall: () => Promise.resolve(done([])), ...silent };
  const command = { name: 'command', run: () => Promise.resolve(rejected('it does not work')) };
  const deps = { pool, verbs, urgent: verbs, estate: () => estate, chat, pager, actions: { command } };
  const jobs = createJobs({
    ...deps,
    endOlder: nothingLeft,
    redactor: createRedactor(),
    secret: () => '',
    templates: await loadTemplates(),
  });
  boat = await launch({ url: database.url, jobs, verbs, parse: parseEffect });
}

const sent = (id: number, where = 'true') =>
  waitFor(
    'messages to be sent',
    async () => {
      const left = await effectsOf(
        pool,
        `incident_id = ${id} and queue = 'chat' and state in ('pending', 'queued', 'running') and ${where}`,
      );
      if (left.length === 0) return true;
      throw new Error(left.map((each) => `${each.key}: ${each.state} ${each.error ?? ''}`).join('\n'));
    },
    { timeoutMs: 20_000 },
  );

/** Answers the slots of the cadence that came due while nothing could be sent. */
async function pass(incident: Incident, slots: number): Promise<void> {
  for (let n = 0; n < slots; n += 1) {
    const { id, cadence, update_slot: slot, next_update_due: due } = await now(incident);
    await fireCadence(verbs, { incident: id, cadence, slot, due: due! });
  }
}

const asking = () => plan('asks', [step('ask', { uses: 'approval', with: { approvers: ['database'] } })]);

test('updates that could not be sent are one for each reader, the newest', async () => {
  const incident = await declare();
  await pass(incident, 8);
  const waiting = await effectsOf(pool, `kind = 'update.post'`);
  expect(waiting.map((each) => each.key.replace(/@.*/, ''))).toEqual([
    `post:${incident.id}:update:1:8:incident`,
    `post:${incident.id}:update:1:8:#leadership`,
  ]);
});

test('after Slack was away an approval is asked for before one automatic update', async () => {
  await work();
  const incident = await declare();
  await sent(incident.id);
  const { channel } = await now(incident);
  slack.workspace.outage(true);
  await pass(incident, 4);
  await startRun(verbs, by(), incident.id, asking());
  await pass(incident, 4);
  slack.workspace.outage(false);
  await sent(incident.id);
  const said = keys(channel!).filter((key) => /:post$|:update:/.test(key));
  expect(said.map((key) => key.replace(/@.*/, ''))).toEqual([
    'approval:1/ask/1:post',
    expect.stringMatching(/:update:1:8:incident$/),
  ]);
}, 60_000);

test('a card that Slack does not let be edited holds back neither an approval nor a message', async () => {
  await work();
  const incident = await declare();
  await sent(incident.id);
  slack.workspace.faults.add({ kind: 'rate_limited', retryAfter: 30, method: 'chat.update' });
  slack.workspace.faults.add({ kind: 'rate_limited', retryAfter: 30, method: 'conversations.setTopic' });
  await pass(incident, 1);
  await startRun(verbs, by(), incident.id, asking());
  await sent(
    incident.id,
    `kind not in ('card.render', 'channel.topic', 'approval.render', 'posts.render', 'run.render')`,
  );
  expect(keys((await now(incident)).channel!)).toContain('approval:1/ask/1:post');
  const refused = (): ReturnType<typeof effectsOf> => effectsOf(pool, `kind = 'card.render' and error like '%429%'`);
  await waitFor('Slack to refuse the card', async () => (await refused()).length === 1);
  const [card] = await refused();
  // A newer card does not go before the time that Slack asked for.
  await pass(incident, 1);
  const [newer] = await effectsOf(pool, `kind = 'card.render' and state = 'pending'`);
  expect(newer!.due_at).toEqual(card!.due_at);
}, 60_000);

test.each([
  ['paces', { kind: 'rate_limited', retryAfter: 30 }],
  ['does not allow', { kind: 'error', error: 'missing_scope' }],
] as const)('invitations that Slack %s hold back neither a request nor what follows it', async (_, fault) => {
  await work();
  const incident = await declare();
  await sent(incident.id);
  const held = slack.workspace.faults.add({ ...fault, method: 'conversations.invite' });
  await startRun(verbs, by(), incident.id, asking());
  await sent(incident.id, `kind <> 'channel.invite'`);
  const [asked] = await effectsOf(pool, `kind = 'approval.post'`);
  expect(asked).toMatchObject({ state: 'done', attempts: 1 });
  const invited = `key = 'invite:${incident.id}:approval:1/ask/1'`;
  expect(await effectsOf(pool, `${invited} and state = 'pending'`)).toHaveLength(1);
  held.remove();
  await pool.query(`update effect set due_at = now() where ${invited} and state = 'pending'`);
  await sent(incident.id);
  expect(await effectsOf(pool, `${invited} and state = 'done'`)).toHaveLength(1);
});

test('a file that Slack does not take holds back nothing, and the button comes with it', async () => {
  await work();
  const incident = await declare();
  await sent(incident.id);
  const held = slack.workspace.faults.add({
    ...{ kind: 'error', error: 'missing_scope', method: 'files.getUploadURLExternal' },
  });
  const long = step('long', { needs: ['ask'], with: { run: ['echo', 'x'.repeat(9000)] } });
  await startRun(verbs, by(), incident.id, plan('asks', [...asking().steps, long]));
  await controlRun(verbs, by(), incident.id, null, { kind: 'pause', reason: 'wait' });
  await sent(incident.id, `kind <> 'approval.render'`);
  const request = () => JSON.stringify(slack.workspace.messages({ key: 'approval:1/ask/1:post' })[0]!.blocks);
  expect(keys((await now(incident)).channel!)).toContainEqual(expect.stringMatching(/^pause:/));
  expect(request()).toContain('missing_scope');
  expect(request()).toContain('|unseen');
  held.remove();
  await sent(incident.id);
  expect(request()).not.toContain('|unseen');
  expect(Object.values(slack.workspace.snapshot().files).filter(({ complete }) => complete)).toHaveLength(1);
}, 60_000);

test('a request and a pause that Slack refuses for good stand in the timeline', async () => {
  await work();
  const incident = await declare();
  await sent(incident.id);
  slack.workspace.faults.add({ kind: 'error', error: 'restricted_action', method: 'chat.postMessage' });
  await startRun(verbs, by(), incident.id, asking());
  await controlRun(verbs, by(), incident.id, null, { kind: 'pause', reason: 'wait' });
  await sent(incident.id);
  const refused = await pool.query<{ template: string }>(
    `select data->>'template' as template from event where kind = 'message.refused' order by seq`,
  );
  const templates = refused.rows.map(({ template }) => template);
  expect(templates).toContain('approval-request');
  expect(templates).toContain('run-paused');
}, 60_000);

test('forty steps that fail at once are one message, edited, that says so when the run is aborted', async () => {
  await work();
  const incident = await declare();
  await sent(incident.id);
  const steps = Array.from({ length: 40 }, (_, n) => step(`s${n}`));
  await startRun(verbs, by(), incident.id, plan('breaks', steps));
  await waitFor('all to fail', async () => {
    const failed = await pool.query(`select from step where state = 'failed'`);
    return failed.rowCount === 40;
  });
  await sent(incident.id);
  const { channel } = await now(incident);
  const about = () =>
    slack.workspace.messages({ channel: channel! }).filter((each) => /^pause:/.test(keyOf(each) ?? ''));
  expect(about()).toHaveLength(1);
  expect(JSON.stringify(about()[0]!.blocks)).toMatch(/40|more/);
  await controlRun(verbs, by(), incident.id, null, { kind: 'abort', reason: 'enough' });
  await sent(incident.id);
  expect(about()).toHaveLength(1);
  expect(JSON.stringify(about()[0]!.blocks)).toContain('nothing to do here');
}, 60_000);

test('a pause that ended and a request that nobody waits for any more are not said at all', async () => {
  const incident = await declare();
  await startRun(verbs, by(), incident.id, asking());
  await controlRun(verbs, by(), incident.id, null, { kind: 'pause', reason: 'wait' });
  await controlRun(verbs, by(), incident.id, null, { kind: 'abort', reason: 'enough' });
  await work();
  await sent(incident.id);
  const said = keys((await now(incident)).channel!);
  expect(said.filter((key) => /^pause:|^approval:/.test(key))).toEqual([]);
  const dropped = await pool.query(
    `select result->>'skipped' as why from effect where kind in ('pause.post', 'approval.post')`,
  );
  expect(dropped.rows).toEqual([{ why: 'the request is cancelled' }, { why: 'the pause is over' }]);
}, 60_000);

test('messages go to where the incident was declared while its channel cannot be made, and move when it can', async () => {
  const paced = slack.workspace.faults.add({ kind: 'rate_limited', retryAfter: 90, method: 'conversations.create' });
  await work();
  const incident = await declare();
  await sent(incident.id, `kind not in ('channel.retry', 'channel.invite', 'channel.topic')`);
  expect(keys(ORIGIN)).toContain(`card:${incident.id}:first`);
  const failed = await pool.query(`select data->>'reason' as reason from event where kind = 'channel.failed'`);
  expect(failed.rows).toEqual([{ reason: expect.stringContaining('429') }]);
  paced.remove();
  await pool.query(`update effect set due_at = now() where kind = 'channel.retry' and state = 'pending'`);
  await sent(incident.id);
  const { channel } = await now(incident);
  expect(channel).not.toBeNull();
  expect(slack.workspace.channel(channel!).pins).toHaveLength(1);
}, 60_000);
