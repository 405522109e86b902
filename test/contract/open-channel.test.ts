import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ChatPort, NewChannel } from '../../src/ports/chat.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

let slack: SlackStandIn;
let chat: ChatPort;
beforeAll(async () => {
  slack = await startSlackStandIn();
});
afterAll(() => slack.close());
beforeEach(() => {
  slack.workspace.reset();
  chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url });
});

const value = <T>(outcome: { kind: string; value?: T }): T => {
  if (outcome.kind !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.value as T;
};
const justNow = (): Date => new Date(Date.now() - 1_000);
const wanted = (name: string, more: Partial<NewChannel> = {}): NewChannel => ({
  ...{ name, owner: `lifeboat/shop/abc/${name}`, since: justNow(), again: false },
  ...more,
});
const open = (name: string, more: Partial<NewChannel> = {}) => chat.openChannel(wanted(name, more));
const bot = (): string => slack.workspace.snapshot().bot.user_id;
/** A workspace in which the wanted name is somebody else's, among so many channels that listing them takes long. */
function crowd(name: string, others: number): void {
  for (let n = 0; n < others; n += 1)
    slack.workspace.addChannel({ id: `C9${n}`, name: `other-${n}`, bot: false, members: [] });
  slack.workspace.addChannel({ id: 'C0TAKEN', name, bot: false, members: [] });
}
const calls = (method: string): number => slack.workspace.requests(method).length;

describe('a name that is taken', () => {
  test('costs one more call: the next name is tried, and no list is read', async () => {
    crowd('inc-1', 5_000);
    expect(value(await open('inc-1'))).toEqual({ channel: slack.workspace.channel('#inc-1-2').id, name: 'inc-1-2' });
    expect([calls('conversations.create'), calls('conversations.list'), calls('users.conversations')]).toEqual([
      2, 0, 0,
    ]);
  });

  test('goes on at the name where a 429 stopped it', async () => {
    for (const end of ['', '-2', '-3'])
      slack.workspace.addChannel({ id: `C7${end.slice(1)}`, name: `inc-2${end}`, isPrivate: true, bot: false });
    slack.workspace.faults.add({
      kind: 'rate_limited',
      retryAfter: 7,
      method: 'conversations.create',
      after: 3,
      times: 1,
    });
    expect(await open('inc-2')).toMatchObject({ kind: 'retry', after_ms: 7_000 });
    expect(value(await open('inc-2')).name).toBe('inc-2-4');
    expect(calls('conversations.create')).toBe(5);
  });

  test('is given up with the fix when all are taken, and with the reason when it is no name', async () => {
    for (const end of ['', '-2', '-3', '-4', '-5', '-6', '-7', '-8', '-9'])
      slack.workspace.addChannel({ id: `C7${end.slice(1)}`, name: `inc-7${end}`, isPrivate: true, bot: false });
    const reason = expect.stringMatching(/^name_taken: .*#inc-7 to #inc-7-9.*rename/) as string;
    expect(await open('inc-7')).toEqual({ kind: 'rejected', reason });
    expect(await open('No Spaces')).toEqual({ kind: 'rejected', reason: expect.stringMatching(/^invalid_name/) });
  });
});

describe('a channel that an earlier attempt made', () => {
  test('is found when the answer to its creation was lost', async () => {
    slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'conversations.create', times: 1 });
    expect(await open('inc-3')).toMatchObject({ kind: 'unknown' });
    const { id } = slack.workspace.channel('#inc-3');
    expect(value(await open('inc-3', { again: true }))).toEqual({ channel: id, name: 'inc-3' });
    expect(slack.workspace.channel('#inc-3').purpose).toContain('lifeboat/shop/abc/inc-3');
    expect(calls('conversations.list')).toBe(0);
  });

  test('is found under its other name, after a kill or a lost answer, and there is no third', async () => {
    slack.workspace.addChannel({ id: 'C0OLD', name: 'inc-4', bot: false });
    slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'conversations.create', after: 1, times: 1 });
    expect(await open('inc-4')).toMatchObject({ kind: 'unknown' });
    const again = value(await open('inc-4', { again: true }));
    expect(again).toEqual({ channel: slack.workspace.channel('#inc-4-2').id, name: 'inc-4-2' });
    expect(value(await open('inc-4', { again: true }))).toEqual(again);
  });

  test('is looked for page by page: after a 429 at the page that failed', async () => {
    for (let n = 0; n < 2_500; n += 1) slack.workspace.addChannel({ id: `C8${n}`, name: `mine-${n}`, members: [] });
    value(await open('inc-5'));
    slack.workspace.faults.add({
      kind: 'rate_limited',
      retryAfter: 3,
      method: 'users.conversations',
      after: 1,
      times: 1,
    });
    expect(await open('inc-5', { again: true })).toMatchObject({ kind: 'retry', after_ms: 3_000 });
    expect(value(await open('inc-5', { again: true })).name).toBe('inc-5');
    const pages = slack.workspace.requests('users.conversations').map(({ request }) => request['cursor'] ?? 'first');
    expect(pages.filter((cursor) => cursor === 'first')).toHaveLength(1);
    expect(pages).toHaveLength(4);
  });
});

describe('a channel that the bot did not make for this incident is never taken', () => {
  test.each([
    ['that a person made', { creator: 'U01ANA' }],
    ['whose creator nobody knows', {}],
    ['that is shared with another company', { shared: true, own: true }],
    ['that another installation made for its own', { own: true, purpose: 'Lifeboat: lifeboat/elsewhere/abc/inc-6' }],
  ])(
    'one %s',
    async (
      _which,
      { own = false, ...seed }: { own?: boolean; creator?: string; shared?: boolean; purpose?: string },
    ) => {
      slack.workspace.addChannel({ id: 'C0THEIRS', name: 'inc-6', ...seed, ...(own && { creator: bot() }) });
      expect(value(await open('inc-6', { again: true })).name).toBe('inc-6-2');
    },
  );

  test('one that was made for an incident of long ago', async () => {
    value(await open('inc-8', { owner: 'lifeboat/shop/abc/inc-8' }));
    const later = new Date(Date.now() + 3_600_000);
    expect(value(await open('inc-8', { again: true, since: later })).name).toBe('inc-8-2');
  });

  test('two installations with one bot, the same number and the same title get a channel each', async () => {
    slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'conversations.create', times: 1 });
    expect(await open('inc-9', { owner: 'lifeboat/one/abc/INC-9' })).toMatchObject({ kind: 'unknown' });
    expect(value(await open('inc-9', { owner: 'lifeboat/two/abd/INC-9' })).name).toBe('inc-9-2');
    const both = await Promise.all([
      open('inc-9', { owner: 'lifeboat/one/abc/INC-9', again: true }),
      open('inc-9', { owner: 'lifeboat/two/abd/INC-9', again: true }),
    ]);
    expect(both.map((each) => value(each).name)).toEqual(['inc-9', 'inc-9-2']);
  });
});

describe('a place by its name', () => {
  test('is found on a late page, read on after each 429, and joined', async () => {
    for (let n = 0; n < 2_500; n += 1)
      slack.workspace.addChannel({ id: `C9${n}`, name: `other-${n}`, bot: false, members: [] });
    slack.workspace.addChannel({ id: 'C99LATE', name: 'news', bot: false, members: [] });
    for (const after of [1, 2])
      slack.workspace.faults.add({
        kind: 'rate_limited',
        retryAfter: 2,
        method: 'conversations.list',
        after,
        times: 1,
      });
    const post = () => chat.post('#news', { text: 'hello' }, 'k');
    // The strict workspace takes no name of a channel that the bot is not in.
    expect(await post()).toMatchObject({ kind: 'retry', after_ms: 2_000 });
    expect(await post()).toMatchObject({ kind: 'retry', after_ms: 2_000 });
    expect(value(await post()).channel).toBe('C99LATE');
    const firsts = slack.workspace.requests('conversations.list').filter(({ request }) => !('cursor' in request));
    expect(firsts).toHaveLength(1);
  });

  test('is listed once for all who ask at one time, and known afterwards', async () => {
    for (let n = 0; n < 1_200; n += 1)
      slack.workspace.addChannel({ id: `C9${n}`, name: `other-${n}`, bot: false, members: [] });
    slack.workspace.addChannel({ id: 'C99LATE', name: 'news', bot: false, members: [] });
    const asked = Array.from({ length: 5 }, (_, n) => chat.post('#news', { text: 'hello' }, `k${n}`));
    for (const posted of await Promise.all(asked)) expect(value(posted).channel).toBe('C99LATE');
    expect(calls('conversations.list')).toBe(2);
    expect(await chat.find({ to: '#news', key: 'k1', since: justNow() })).toMatchObject({ kind: 'done' });
    expect(calls('conversations.list')).toBe(2);
  });

  test('that does not exist is refused, and found once somebody made it', async () => {
    expect(await chat.find({ to: '#later', key: 'k', since: justNow() })).toMatchObject({ kind: 'rejected' });
    slack.workspace.addChannel({ id: 'C0LATER', name: 'later' });
    expect(await chat.find({ to: '#later', key: 'k', since: justNow() })).toMatchObject({ kind: 'retry' });
  });
});
