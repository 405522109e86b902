import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { postOnce } from '../../jobs/post-once.ts';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

const ANA = 'U01ANA';

let slack: SlackStandIn;
let chat: ChatPort;
beforeAll(async () => {
  slack = await startSlackStandIn();
});
afterAll(() => slack.close());
beforeEach(() => {
  slack.workspace.reset();
  chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 1000 });
});

/** Tries as the queue does, without its pauses, until the message is posted; its doubts begin at the first unknown. */
async function deliver(tries = 20): Promise<number> {
  let unknown_since: Date | null = null;
  for (let n = 1; n <= tries; n += 1) {
    const began = new Date();
    const posted = await postOnce(chat, { key: 'k', unknown_since }, ANA, { text: 'You are paged' }, { urgent: true });
    if (posted.kind === 'done') return n;
    if (posted.kind === 'unknown') unknown_since ??= began;
  }
  return 0;
}
const copies = (): number => slack.workspace.messages({ key: 'k' }).length;

test.each([
  ['is reset', { kind: 'reset' }],
  ['fails', { kind: 'status', status: 500 }],
  ['is refused by its pace', { kind: 'rate_limited', retryAfter: 1 }],
  ['is refused the token', { kind: 'error', error: 'invalid_auth' }],
  ['meets a proxy', { kind: 'page' }],
] as const)(
  'a direct message whose answer was lost stands once, also when the first reading %s',
  async (_what, fault) => {
    slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'chat.postMessage', times: 1 });
    slack.workspace.faults.add({ ...fault, method: 'conversations.history', times: 1 });
    expect(await deliver()).toBeGreaterThan(2);
    expect(copies()).toBe(1);
  },
);

test('a direct message stands once when two of three readings fail', async () => {
  slack.workspace.faults.add({ kind: 'apply_then_status', status: 503, method: 'chat.postMessage', times: 1 });
  slack.workspace.faults.add({ kind: 'reset', method: 'conversations.open', times: 1 });
  slack.workspace.faults.add({ kind: 'reset', method: 'conversations.history', times: 1 });
  expect(await deliver()).toBeGreaterThan(3);
  expect(copies()).toBe(1);
});

test('a message that the history shows late stands once', async () => {
  slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'chat.postMessage', times: 1 });
  slack.workspace.historyLag(Infinity);
  const effect = { key: 'k', unknown_since: null as Date | null };
  const again = () => postOnce(chat, effect, ANA, { text: 'You are paged' }, { urgent: true });
  effect.unknown_since = new Date();
  expect((await postOnce(chat, { ...effect, unknown_since: null }, ANA, { text: 'x' })).kind).toBe('unknown');
  expect(await again()).toMatchObject({ kind: 'retry', after_ms: 1_000 });
  expect(await again()).toMatchObject({ kind: 'retry', after_ms: 2_000 });
  slack.workspace.historyLag(0);
  expect(await again()).toMatchObject({ kind: 'done' });
  expect(copies()).toBe(1);
});

test('a message that never arrived is posted after its readings', async () => {
  slack.workspace.faults.add({ kind: 'reset', method: 'chat.postMessage', times: 1 });
  expect(await deliver()).toBe(4);
  expect(copies()).toBe(1);
});
