import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { createLog } from '../../src/runtime/log.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

const GENERAL = 'C01GENERAL';

let slack: SlackStandIn;
let chat: ChatPort;
let logged: { level: string; code?: string; call?: string }[];
beforeAll(async () => {
  slack = await startSlackStandIn();
});
afterAll(() => slack.close());
beforeEach(() => {
  slack.workspace.reset();
  logged = [];
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]) },
  });
  chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 1000, log });
});

const post = (key: string) => chat.post(GENERAL, { text: 'hello' }, key);

describe('a token or a permission that Slack refuses is an outage', () => {
  test.each([
    'invalid_auth',
    'not_authed',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'missing_scope',
    'no_permission',
    'team_access_not_granted',
    'ekm_access_denied',
    'org_login_required',
  ])('%s: the post is tried again, one error stands in the log, and it goes out when Slack takes it', async (code) => {
    const ofOneMethod = /scope|permission/.test(code);
    const fault = slack.workspace.faults.add({
      ...{ kind: 'error', error: code },
      ...(ofOneMethod && { method: 'chat.postMessage' }),
    });
    for (let n = 0; n < 3; n += 1) {
      expect(await post('k')).toEqual({
        kind: 'retry',
        after_ms: 0,
        reason: expect.stringMatching(`^${code}: .{10,}`),
      });
    }
    expect(logged.filter(({ level }) => level === 'error')).toEqual([expect.objectContaining({ code, call: 'post' })]);
    expect(await chat.health()).toEqual({ answers: ofOneMethod, problem: expect.stringMatching(`^${code}: `) });
    fault.remove();
    expect(await post('k')).toMatchObject({ kind: 'done' });
    expect(await chat.health()).toEqual({ answers: true, problem: null });
    expect(slack.workspace.messages({ key: 'k' })).toHaveLength(1);
  });

  test('a missing scope of one call is not over because another call works', async () => {
    slack.workspace.faults.add({ kind: 'error', error: 'missing_scope', method: 'pins.add' });
    expect(await chat.pin(GENERAL, '1.1')).toMatchObject({ kind: 'retry' });
    expect(await post('k')).toMatchObject({ kind: 'done' });
    expect((await chat.health()).problem).toMatch(/^missing_scope: /);
  });

  test.each([401, 403, 404, 451])('HTTP %i is not Slack’s: tried again, and shown', async (status) => {
    slack.workspace.faults.add({ kind: 'status', status, times: 1 });
    expect(await post('k')).toMatchObject({ kind: 'retry', reason: expect.stringContaining('proxy') });
    expect((await chat.health()).problem).toMatch(`http_${status}: `);
    expect(await post('k')).toMatchObject({ kind: 'done' });
  });

  test.each([
    ['a sign-in page', {}],
    ['an empty body', { body: '' }],
    ['JSON of somebody else', { body: '{"fine":true}' }],
    ['half an answer', { body: '{"ok":true,"chan' }],
  ])('%s with status 200 says nothing of what happened', async (_what, more) => {
    slack.workspace.faults.add({ kind: 'page', ...more, times: 1 });
    expect(await post('k')).toMatchObject({ kind: 'unknown' });
  });

  test('a token that Slack does not know names the setting and never itself', async () => {
    const stranger = createSlackChat({ token: 'xoxb-wrong', apiUrl: slack.url });
    const outcome = await stranger.post(GENERAL, { text: 'hello' }, 'k');
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringMatching(/^invalid_auth: .*SLACK_BOT_TOKEN/) });
    expect(await stranger.health()).toEqual({ answers: false, problem: expect.stringMatching(/^invalid_auth: /) });
    expect(JSON.stringify([outcome, await stranger.health()])).not.toContain('xoxb-wrong');
  });
});

test('the health asks Slack once, however many want to know', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => chat.health()));
  expect(new Set(answers.map(({ problem }) => problem))).toEqual(new Set([null]));
  expect(slack.workspace.requests('auth.test')).toHaveLength(1);
});

test('a Slack that does not answer is why Lifeboat is not ready', async () => {
  slack.workspace.outage(true);
  expect(await chat.health()).toEqual({ answers: false, problem: expect.stringContaining('ask who the bot is') });
});
