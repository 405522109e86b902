import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
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
const open = async (name = 'inc-1-power'): Promise<string> => value(await chat.openChannel(name, justNow())).channel;
/** When an incident is declared for which the channels of this test are old ones. */
const muchLater = (): Date => new Date(Date.now() + 3_600_000);

test('creates the channel, and a repeat gives the same one', async () => {
  const id = await open();
  expect(slack.workspace.channel('#inc-1-power').id).toBe(id);
  expect(await open()).toBe(id);
  expect(slack.workspace.channels.filter(({ name }) => name === 'inc-1-power')).toHaveLength(1);
});

test('finds the channel when the answer to its creation was lost', async () => {
  slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'conversations.create', times: 1 });
  expect(await chat.openChannel('inc-2', justNow())).toMatchObject({ kind: 'unknown' });
  expect(await open('inc-2')).toBe(slack.workspace.channel('#inc-2').id);
});

test('finds it on a late page of a large workspace, and joins it', async () => {
  for (let n = 0; n < 1_200; n += 1)
    slack.workspace.addChannel({ id: `C9${n}`, name: `other-${n}`, bot: false, members: [] });
  slack.workspace.addChannel({ id: 'C99LATE', name: 'inc-3', bot: false, members: [] });
  expect(await open('inc-3')).toBe('C99LATE');
  expect(value(await chat.post('C99LATE', { text: 'hello' }, 'k')).channel).toBe('C99LATE');
});

test('leaves a name to an older channel, archived or in use, and takes the next one', async () => {
  const first = await open('inc-4');
  expect(value(await chat.openChannel('inc-4', muchLater()))).toMatchObject({ name: 'inc-4-2' });
  await chat.archive(first);
  await chat.archive(slack.workspace.channel('#inc-4-2').id);
  const { channel, name } = value(await chat.openChannel('inc-4', justNow()));
  expect(name).toBe('inc-4-3');
  expect(slack.workspace.channel('#inc-4-3')).toMatchObject({ id: channel, archived: false });
});

test('takes the next name where a private channel has it that the bot cannot see', async () => {
  slack.workspace.addChannel({ id: 'C0SECRET', name: 'inc-5', isPrivate: true, bot: false });
  expect(value(await chat.openChannel('inc-5', justNow())).name).toBe('inc-5-2');
});

test('finds its channel under the other name again, after a kill or a lost answer, and makes no third', async () => {
  await chat.archive(await open('inc-6'));
  slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'conversations.create', after: 1, times: 1 });
  expect(await chat.openChannel('inc-6', justNow())).toMatchObject({ kind: 'unknown' });
  const again = value(await chat.openChannel('inc-6', justNow()));
  expect(again).toEqual({ channel: slack.workspace.channel('#inc-6-2').id, name: 'inc-6-2' });
  expect(value(await chat.openChannel('inc-6', justNow()))).toEqual(again);
  expect(slack.workspace.channels.filter(({ name }) => name.startsWith('inc-6'))).toHaveLength(2);
});

test('gives up with the fix when every name is taken, and with the reason when the name is none', async () => {
  for (const end of ['', '-2', '-3', '-4', '-5', '-6', '-7', '-8', '-9']) {
    slack.workspace.addChannel({ id: `C7${end.slice(1)}`, name: `inc-7${end}`, isPrivate: true, bot: false });
  }
  expect(await chat.openChannel('inc-7', justNow())).toEqual({
    kind: 'rejected',
    reason: expect.stringMatching(/^name_taken: .*#inc-7 to #inc-7-9.*rename/),
  });
  expect(await chat.openChannel('No Spaces', justNow())).toEqual({
    kind: 'rejected',
    reason: expect.stringMatching(/^invalid_name/),
  });
});
