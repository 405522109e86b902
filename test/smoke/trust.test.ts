import { createHmac } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLogs } from '../support/expected-logs.ts';
import { said, startProgram, type Program } from '../support/program-world.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { spawnProgram } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(/"msg":"(request that Slack would not send refused|slack refuses the token or a permission)"/);

let program: Program;
const home = mkdtempSync(join(tmpdir(), 'lifeboat-home-'));
beforeAll(async () => {
  program = await startProgram({ home });
  const { workspace } = program.world;
  workspace.addUser({ id: 'U0GUEST', name: 'guest', guest: true });
  workspace.addUser({ id: 'U0OTHER', name: 'other', teamId: 'T0OTHER' });
  workspace.addUser({ id: 'U0MEMBER', name: 'member' });
});
afterAll(async () => {
  await program.stop();
  rmSync(home, { recursive: true, force: true });
});

const incidents = async (): Promise<number> => (await program.rows('select id from incident')).length;

test('guests may neither declare nor read telephone numbers, and everybody else may', async () => {
  const before = await incidents();
  expect(said(await program.dr('guest', 'declare P0 Free lunch'))).toMatch(
    /not for guests of this workspace.*outsiders/s,
  );
  for (const text of ['contacts', 'who network']) {
    const answer = said(await program.dr('guest', text));
    expect(answer).toMatch(/not for guests/);
    expect(answer).not.toMatch(/\+?\d{3}-\d{4}/);
  }
  await program.world.workspace.user('guest').shortcut('declare');
  const form = program.world.workspace.user('guest').view;
  if (!form) throw new Error('no form');
  const refused = await program.world.workspace
    .user('guest')
    .submit(form, { title: 'Free lunch', severity: 'P0' })
    .catch((error: unknown) => error);
  expect(JSON.stringify(refused)).toMatch(/guests/);
  expect(await incidents()).toBe(before);
  expect(said(await program.dr('member', 'contacts'))).toContain('Ana Ito');
  expect(said(await program.dr('member', 'declare P3 A chair wobbles'))).toMatch(/INC-\d+ declared/);
});

test('people of other companies are told apart by their account, whatever the request says', async () => {
  const before = await incidents();
  expect(said(await program.dr('other', 'declare P0 Not ours'))).toMatch(/not for people of other companies/);
  expect(await incidents()).toBe(before);
});

/** Sends a body as Slack does, signed with the real secret. */
async function signed(body: string, type: string): Promise<number> {
  const stamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', program.world.slack.signingSecret).update(`v0:${stamp}:${body}`).digest('hex');
  const headers = {
    'content-type': type,
    'x-slack-request-timestamp': stamp,
    'x-slack-signature': `v0=${mac}`,
  };
  const request = { method: 'POST', headers, body, signal: AbortSignal.timeout(2000) };
  return (await fetch(`${program.world.url}/slack/events`, request)).status;
}
const FORM = 'application/x-www-form-urlencoded';
const payload = (value: unknown): string => new URLSearchParams({ payload: JSON.stringify(value) }).toString();
const command = (change: Record<string, string | undefined>): string => {
  const usual = {
    command: '/dr',
    text: 'list',
    user_id: 'U01ANA',
    channel_id: 'C1',
    team_id: 'T1',
    trigger_id: '1.2.3',
  };
  const form = new URLSearchParams(usual);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) form.delete(name);
    else form.set(name, value);
  }
  return form.toString();
};
const press = { type: 'block_actions', user: { id: 'U01ANA' }, trigger_id: '1.2.3', actions: [{ action_id: 'ack' }] };

test.each<[string, string, string]>([
  ['null', 'null', 'application/json'],
  ['a list', '[]', 'application/json'],
  ['a number', '7', 'application/json'],
  ['no JSON', '{', 'application/json'],
  ['an empty body', '', 'application/json'],
  ['an empty form', '', FORM],
  ['a payload of null', payload(null), FORM],
  ['a payload of a list', payload([press]), FORM],
  ['a press without a user', payload({ ...press, user: undefined }), FORM],
  ['a press without a trigger', payload({ ...press, trigger_id: undefined }), FORM],
  ['a press of nothing', payload({ ...press, actions: [] }), FORM],
  ['a press by a list', payload({ ...press, user: [] }), FORM],
  ['a submission without a view', payload({ type: 'view_submission', user: { id: 'U01ANA' } }), FORM],
  ['a shortcut without a user', payload({ type: 'shortcut', trigger_id: '1', callback_id: 'declare' }), FORM],
  ['an event without one', JSON.stringify({ type: 'event_callback' }), 'application/json'],
  ['a command without a user', command({ user_id: undefined }), FORM],
  ['a command without a trigger', command({ trigger_id: undefined }), FORM],
  ['a command of two people', `${command({})}&user_id=U01BEN`, FORM],
  ['a NUL in the text', command({ text: 'note a\0b' }), FORM],
  ['a NUL in the trigger', command({ trigger_id: '1\0' }), FORM],
])('a genuine request that holds %s gets 400 at once and changes nothing', async (_name, body, type) => {
  expect(await signed(body, type)).toBe(400);
  // Nobody else in this file is Ana or Ben yet, and nobody is nobody.
  const taken = `select key, source from inbound where source in ('slack:U01ANA', 'slack:U01BEN', 'slack:undefined', 'slack:')`;
  expect(await program.rows(taken)).toEqual([]);
});

test('a timeline that was emptied or set back in the database is noticed, and one that was not is whole', async () => {
  const { id, channel } = await program.declare('P1 The record matters');
  await program.dr('ana', 'update We look into it', channel);
  await program.idle();
  const look = async (): Promise<string> => said(await program.dr('ana', 'timeline', channel));
  await waitFor('the anchors', async () => /Slack remember/.test(await look()));
  expect(await look()).toMatch(
    /The record is whole.*sealed with a key outside the database.*Slack remembers? the same/s,
  );
  await program.rows('alter table event disable trigger event_append_only');
  await program.rows('grant all on event to current_user');
  const events = await program.rows<{ seq: number }>('select seq from event where incident_id = $1 order by seq', [id]);
  await program.rows('delete from event where incident_id = $1 and seq = $2', [id, events.length]);
  expect(await look()).toMatch(/tampered with: event \d+ is missing/);
  await program.rows('delete from event where incident_id = $1', [id]);
  expect(await look()).toMatch(/The record was emptied/);
  await program.rows('alter table event enable always trigger event_append_only');
});

test('is not ready while Slack refuses it, also where Slack comes over HTTP', async () => {
  const ready = () => fetch(`${program.world.privateUrl}/readyz`);
  const refused = program.world.workspace.faults.add({ kind: 'error', error: 'invalid_auth' });
  await waitFor('not to be ready', async () => (await ready()).status === 503);
  expect(await (await ready()).text()).toMatch(/^not ready: .*invalid_auth/m);
  refused.remove();
  await waitFor('to be ready', async () => (await ready()).ok, { timeoutMs: 20_000 });
});

test('is not ready while nothing can be kept in its home', async () => {
  const ready = () => fetch(`${program.world.privateUrl}/readyz`);
  expect((await ready()).status).toBe(200);
  renameSync(home, `${home}.gone`);
  try {
    await waitFor('not to be ready', async () => (await ready()).status === 503);
    expect(await (await ready()).text()).toMatch(/^not ready: nothing can be written to .*lifeboat-home/m);
  } finally {
    renameSync(`${home}.gone`, home);
  }
  await waitFor('to be ready', async () => (await ready()).ok);
});

test('a database that is away at the start is a sentence with the fix, and no stack', async () => {
  const lost = spawnProgram(join(ROOT, 'dist/src/cli.js'), ['worker'], {
    env: {
      DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:9/incidents',
      LIFEBOAT_HOME: home,
      PORT: '0',
      LIFEBOAT_ESTATE: join(ROOT, 'test/support/estates/small.yaml'),
    },
    cwd: ROOT,
  });
  expect(await lost.exit()).toEqual({ code: 2, signal: null });
  expect(lost.output()).toMatch(
    /^lifeboat: the database `incidents` on 127\.0\.0\.1:9 does not answer \(ECONNREFUSED\)\nfix: start PostgreSQL, or correct host and port/m,
  );
  expect(lost.output()).not.toMatch(/hunter2|^\s+at /m);
});
