import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import type { SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { actions, button, section } from '../../templates/blocks.ts';

const ANA = 'U01ANA';
const GENERAL = 'C01GENERAL';
const message = { text: 'Primary site lost power' };
const justNow = (): Date => new Date(Date.now() - 1_000);

let slack: SlackStandIn;
let chat: ChatPort;
beforeAll(async () => {
  slack = await startSlackStandIn();
});
afterAll(() => slack.close());
beforeEach(() => {
  slack.workspace.reset();
  chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 1500 });
});

const value = <T>(outcome: { kind: string; value?: T }): T => {
  if (outcome.kind !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.value as T;
};
/** What is known after as many readings as it takes, without the pauses between them. */
const find = async (to: string, key: string, since: Date, urgent = false) => {
  for (;;) {
    const found = await chat.find({ to, key, since, urgent });
    if (found.kind !== 'retry' || !found.reason.startsWith('the history does not show')) return found;
  }
};
const open = async (name = 'inc-1-power'): Promise<string> =>
  value(await chat.openChannel({ name, owner: 'test/INC-1', since: justNow(), again: false })).channel;

describe('invite', () => {
  test('invites, and skips members, strangers and the bot by name', async () => {
    const channel = await open();
    expect(await chat.invite(channel, [ANA, 'U01BEN', ANA])).toEqual({ kind: 'done', value: { skipped: [] } });
    expect(await chat.invite(channel, [ANA, 'U0NOBODY', 'U01CLEO'])).toEqual({
      kind: 'done',
      value: {
        skipped: [
          { user: ANA, code: 'already_in_channel' },
          { user: 'U0NOBODY', code: 'user_not_found' },
        ],
      },
    });
    expect(slack.workspace.channel(channel).members).toEqual(expect.arrayContaining([ANA, 'U01BEN', 'U01CLEO']));
    expect(await chat.invite(channel, [ANA, 'U01BEN'])).toEqual({
      kind: 'done',
      value: { skipped: [ANA, 'U01BEN'].map((user) => ({ user, code: 'already_in_channel' })) },
    });
    expect(await chat.invite(channel, [])).toEqual({ kind: 'done', value: { skipped: [] } });
  });

  test('invites more than a hundred', async () => {
    const channel = await open();
    const users = Array.from({ length: 230 }, (_, n) => `U9${n}`);
    for (const id of users) slack.workspace.addUser({ id, name: id.toLowerCase() });
    expect(await chat.invite(channel, users)).toEqual({ kind: 'done', value: { skipped: [] } });
    expect(slack.workspace.channel(channel).members).toHaveLength(231);
  });
});

describe('post and find', () => {
  test.each([
    [GENERAL, /^C01GENERAL$/],
    ['#leadership', /^C01LEADERS$/],
    [ANA, /^D/],
  ])('a post to %s is found by its key', async (to, channel) => {
    const posted = value(await chat.post(to, message, 'inc-1/declared'));
    expect(posted.channel).toMatch(channel);
    expect(await find(to, 'inc-1/declared', justNow())).toEqual({ kind: 'done', value: posted });
    expect(await find(posted.channel, 'inc-1/other', justNow())).toEqual({ kind: 'done', value: null });
    expect(slack.workspace.messages({ key: 'inc-1/declared', type: 'lifeboat' })).toHaveLength(1);
  });

  test('blocks and buttons arrive, and too much of them is cut', async () => {
    const card = actions(button({ text: 'Acknowledge', action_id: 'ack', value: '1', style: 'primary' }));
    const blocks = [...Array.from({ length: 60 }, (_, n) => section(`${n} ${'x'.repeat(4_000)}`)), card];
    expect(await chat.post(GENERAL, { text: 'x'.repeat(9_000), blocks }, 'k')).toMatchObject({ kind: 'done' });
    const [shown] = slack.workspace.messages({ key: 'k' });
    expect(shown?.text).toHaveLength(4_000);
    expect(shown?.blocks).toHaveLength(50);
    expect(JSON.stringify(shown?.blocks)).toContain('Acknowledge');
  });

  test('a public channel that the bot is not in is joined first', async () => {
    slack.workspace.addChannel({ id: 'C0NEWS', name: 'news', bot: false });
    expect(await find('#news', 'k', justNow())).toEqual({ kind: 'done', value: null });
    slack.workspace.addChannel({ id: 'C0NEWS2', name: 'news2', bot: false });
    expect(await chat.post('#news2', message, 'k')).toMatchObject({ kind: 'done', value: { channel: 'C0NEWS2' } });
  });

  test('a place that does not exist is a clear refusal', async () => {
    for (const to of ['C0NOWHERE', '#nowhere', 'U0NOBODY']) {
      expect(await chat.post(to, message, 'k')).toEqual({
        kind: 'rejected',
        reason: expect.stringMatching(/^\w+_not_found: /),
      });
      expect(await find(to, 'k', justNow())).toEqual({
        kind: 'rejected',
        reason: expect.stringMatching(/^\w+_not_found: /),
      });
    }
  });

  test('a message is found behind hundreds of newer ones, and none before the time asked for', async () => {
    const posted = value(await chat.post(GENERAL, message, 'deep'));
    for (let n = 0; n < 1_100; n += 1) await slack.workspace.user(ANA).say(GENERAL, `line ${n}`);
    expect(await find(GENERAL, 'deep', justNow())).toEqual({ kind: 'done', value: posted });
    expect(await find(GENERAL, 'deep', new Date(Date.now() + 120_000))).toEqual({ kind: 'done', value: null });
    expect(slack.workspace.requests('conversations.history').length).toBeGreaterThan(2);
  });
});

test('a message of another app that carries our key is not taken for our own', async () => {
  const posted = value(await chat.post(GENERAL, message, 'forged'));
  const state = slack.workspace.snapshot();
  for (const known of state.messages[GENERAL] ?? []) if (known.ts === posted.ts) known.bot_id = 'B0OTHER';
  slack.workspace.restore(state);
  expect(await find(GENERAL, 'forged', justNow())).toEqual({ kind: 'done', value: null });
});

describe('after a lost answer', () => {
  test.each([
    ['apply_then_reset', {}],
    ['apply_then_hang', {}],
    ['apply_then_status', { status: 503 }],
    ['error', { error: 'fatal_error', apply: true }],
  ] as const)('%s leaves the post unknown, and find adopts it', async (kind, more) => {
    slack.workspace.faults.add({ kind, ...more, method: 'chat.postMessage', times: 1 } as never);
    expect(await chat.post(GENERAL, message, 'once')).toMatchObject({ kind: 'unknown' });
    const [there] = slack.workspace.messages({ key: 'once' });
    expect(await find(GENERAL, 'once', justNow())).toEqual({
      kind: 'done',
      value: { channel: GENERAL, ts: there?.ts },
    });
    expect(slack.workspace.messages({ key: 'once' })).toHaveLength(1);
  });

  test.each([
    ['reset', {}],
    ['hang', {}],
    ['status', { status: 500 }],
    ['error', { error: 'internal_error' }],
  ] as const)('%s without effect is unknown too, and find says that nothing is there', async (kind, more) => {
    slack.workspace.faults.add({ kind, ...more, method: 'chat.postMessage', times: 1 } as never);
    expect(await chat.post(GENERAL, message, 'never')).toMatchObject({ kind: 'unknown' });
    expect(await find(GENERAL, 'never', justNow())).toEqual({ kind: 'done', value: null });
    expect(slack.workspace.requests('chat.postMessage')).toHaveLength(1);
  });

  test('a 429 posts nothing and says how long to wait; each call is made once', async () => {
    slack.workspace.faults.add({ kind: 'rate_limited', retryAfter: 3, times: 1 });
    expect(await chat.post(GENERAL, message, 'k')).toMatchObject({ kind: 'retry', after_ms: 3_000 });
    expect(slack.workspace.requests()).toHaveLength(1);
    expect(await chat.post(GENERAL, message, 'k')).toMatchObject({ kind: 'done' });
  });

  test('one that stands in the middle of a burst does not hold up other channels', async () => {
    slack.workspace.faults.add({ kind: 'rate_limited', retryAfter: 30, when: (args) => args['channel'] === GENERAL });
    const [limited, fine] = await Promise.all([
      chat.post(GENERAL, message, 'a'),
      chat.post('C01LEADERS', message, 'b'),
    ]);
    expect([limited.kind, fine.kind]).toEqual(['retry', 'done']);
  });

  test('a history that cannot be read is to be asked again, never taken for empty', async () => {
    value(await chat.post(GENERAL, message, 'k'));
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'reset' },
      { kind: 'hang' },
      { kind: 'rate_limited', retryAfter: 1 },
    ] as const) {
      slack.workspace.faults.clear();
      slack.workspace.faults.add({ ...fault, method: 'conversations.history' });
      expect(await find(GENERAL, 'k', justNow())).toMatchObject({ kind: 'retry' });
    }
    slack.workspace.faults.clear();
    slack.workspace.faults.add({ kind: 'error', error: 'channel_not_found', method: 'conversations.history' });
    expect(await find(GENERAL, 'k', justNow())).toEqual({
      kind: 'rejected',
      reason: expect.stringMatching(/^channel_not_found: /),
    });
  });

  test('an outage is over when Slack is back', async () => {
    slack.workspace.outage(true);
    expect((await chat.post(GENERAL, message, 'k')).kind).toMatch(/unknown|retry/);
    slack.workspace.outage(false);
    expect(await find(GENERAL, 'k', justNow())).toEqual({ kind: 'done', value: null });
    expect(await chat.post(GENERAL, message, 'k')).toMatchObject({ kind: 'done' });
  });

  test('a Slack that cannot be connected to was surely not reached', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const away = createSlackChat({ token: slack.botToken, apiUrl: `http://127.0.0.1:${port}/api/` });
    expect(await away.post(GENERAL, message, 'k')).toEqual({
      kind: 'retry',
      after_ms: 0,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('update, pin, topic and archive', () => {
  test('an update replaces text and blocks and keeps the key', async () => {
    const { channel, ts } = value(await chat.post(GENERAL, { text: 'a', blocks: [section('old')] }, 'card'));
    expect(await chat.update(channel, ts, { text: 'b', blocks: [section('new')] })).toMatchObject({ kind: 'done' });
    expect(slack.workspace.messages({ key: 'card', text: 'new' })).toHaveLength(1);
    expect(await chat.update(channel, ts, { text: 'c' })).toMatchObject({ kind: 'done' });
    expect(slack.workspace.messages({ key: 'card' })[0]).not.toHaveProperty('blocks');
    expect(await find(channel, 'card', justNow())).toMatchObject({ value: { ts } });
  });

  test('an update that Slack refuses names the refusal first', async () => {
    expect(await chat.update(GENERAL, '1.000001', message)).toEqual({
      kind: 'rejected',
      reason: expect.stringMatching(/^message_not_found: /),
    });
    slack.workspace.faults.add({ kind: 'error', error: 'edit_window_closed', method: 'chat.update' });
    const { channel, ts } = value(await chat.post(GENERAL, message, 'k'));
    expect(await chat.update(channel, ts, message)).toEqual({
      kind: 'rejected',
      reason: expect.stringMatching(/^edit_window_closed: /),
    });
  });

  test('doing it twice is as good as once', async () => {
    const channel = await open();
    const { ts } = value(await chat.post(channel, message, 'k'));
    for (let n = 0; n < 2; n += 1) {
      expect(await chat.pin(channel, ts)).toEqual({ kind: 'done', value: undefined });
      expect(await chat.setTopic(channel, 'P0 · '.repeat(100))).toEqual({ kind: 'done', value: undefined });
    }
    for (let n = 0; n < 2; n += 1) expect(await chat.archive(channel)).toEqual({ kind: 'done', value: undefined });
    const room = slack.workspace.channel(channel);
    expect([room.pins.length, room.archived, room.topic.length]).toEqual([1, true, 250]);
    expect(await chat.post(channel, message, 'late')).toEqual({
      kind: 'rejected',
      reason: expect.stringMatching(/^is_archived: /),
    });
  });
});
describe('attach', () => {
  const file = { name: 'request-1.txt', title: 'Everything', text: 'zwölf\nlines' };
  const files = () => Object.values(slack.workspace.snapshot().files).filter(({ complete }) => complete);

  test('puts a file into the thread, whole, and once however often it is asked', async () => {
    const { channel, ts } = value(await chat.post(GENERAL, message, 'k'));
    expect(await chat.attach(channel, ts, file)).toEqual({ kind: 'done', value: undefined });
    expect(await chat.attach(channel, ts, file)).toEqual({ kind: 'done', value: undefined });
    expect(files()).toMatchObject([{ name: file.name, title: file.title, content: file.text, channels: [GENERAL] }]);
    const [reply, ...more] = slack.workspace.messages().filter((each) => each.thread_ts === ts && each.ts !== ts);
    expect(reply?.files).toEqual([files()[0]?.id]);
    expect(more).toEqual([]);
  });

  test('another file of the same message is another file', async () => {
    const { channel, ts } = value(await chat.post(GENERAL, message, 'k'));
    await chat.attach(channel, ts, file);
    await chat.attach(channel, ts, { ...file, name: 'request-2.txt' });
    expect(files()).toHaveLength(2);
  });

  test('to a message that is gone is refused', async () => {
    expect(await chat.attach(GENERAL, '1700000000.000100', file)).toMatchObject({ kind: 'rejected' });
    expect(files()).toEqual([]);
  });
});
