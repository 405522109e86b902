import { describe, expect, test } from 'vitest';
import { apply } from '@lifeboat/sandbox/client/state/apply';
import { fromSnapshot, WIRE_ROWS } from '@lifeboat/sandbox/client/state/client-state';
import { markRead, unreadIn } from '@lifeboat/sandbox/client/state/reads';
import { allowedPlace, followed, writablePlace, type UiState } from '@lifeboat/sandbox/client/state/ui-state';
import type { WireRow } from '@lifeboat/sandbox/page/protocol';
import { aChannel, aMessage, aSnapshot } from '../support/client-facts.ts';

const state = fromSnapshot(aSnapshot());
const texts = (from: typeof state, channel = 'C1') => from.messages.get(channel)?.map(({ text }) => text);
const row = (n: number, ms: number | null = 3): WireRow => ({
  ...{ n, at: n, between: 'slack', direction: 'out', what: 'chat.postMessage', status: 200 },
  ...{ ms, request: {}, response: {} },
});

describe('the state of the page', () => {
  test('sorts the messages of each channel by their time', () => {
    expect(texts(state)).toEqual(['first', 'second']);
  });

  test('puts a message in its place, replaces an edited one, and forgets a deleted one', () => {
    const more = apply(state, { kind: 'message', message: aMessage('third', '1700000003.000000') });
    const between = apply(more, { kind: 'message', message: aMessage('late', '1700000002.500000') });
    expect(texts(between)).toEqual(['first', 'second', 'late', 'third']);
    const edited = apply(between, { kind: 'message', message: aMessage('2nd', '1700000002.000000') });
    expect(texts(edited)).toEqual(['first', '2nd', 'late', 'third']);
    expect(texts(apply(edited, { kind: 'deleted', channel: 'C1', ts: '1700000001.000000' }))?.[0]).toBe('2nd');
  });

  test('keeps what a change does not touch as the same object', () => {
    const next = apply(state, { kind: 'message', message: aMessage('third', '1700000003.000000') });
    expect(next.channels).toBe(state.channels);
    expect(next.users).toBe(state.users);
    expect(next.messages.get('C2')).toBe(state.messages.get('C2'));
    expect(next.messages.get('C1')?.[0]).toBe(state.messages.get('C1')?.[0]);
    expect(next.messages.get('C1')).not.toBe(state.messages.get('C1'));
  });

  test('keeps the newest rows of the Wire, and fills in an answer that came later', () => {
    const full = Array.from({ length: WIRE_ROWS + 5 }, (_, n) => row(n)).reduce(
      (from, one) => apply(from, { kind: 'wire', row: one }),
      state,
    );
    expect(full.wire).toHaveLength(WIRE_ROWS);
    expect(full.wire[0]?.n).toBe(5);
    const waiting = apply(full, { kind: 'wire', row: row(400, null) });
    const answered = apply(waiting, { kind: 'wire', row: row(400, 12) });
    expect(answered.wire.at(-1)?.ms).toBe(12);
    expect(answered.wire).toHaveLength(WIRE_ROWS);
  });

  test('changes a channel, a form and a file in place, and lets an ephemeral go', () => {
    const renamed = apply(state, { kind: 'channel', channel: aChannel('C1', { topic: 'New' }) });
    expect(renamed.channels.get('C1')?.topic).toBe('New');
    expect([...renamed.channels.keys()]).toEqual([...state.channels.keys()]);
    expect(apply(state, { kind: 'modals', user: 'U1', views: [] }).modals.get('U1')).toEqual([]);
    expect(apply(state, { kind: 'ephemeral_gone', id: 'E1' }).ephemerals).toEqual([]);
    expect(apply(state, { kind: 'reset' })).toBe(state);
  });
});

describe('what is unread', () => {
  const reads = { baseline: '1700000001.000000', upTo: {} };
  const channel = aChannel('C1');

  test('counts what others wrote since, and what asks for the person', () => {
    const messages = [...(state.messages.get('C1') ?? []), aMessage('Hello <@U1>', '1700000005.000000')];
    expect(unreadIn(reads, 'U1', channel, messages)).toEqual({ count: 2, asks: 1, first: '1700000002.000000' });
    expect(unreadIn(reads, 'U2', channel, messages).count).toBe(0);
    const direct = aChannel('D1', { is_im: true, im_user: 'U1' });
    expect(unreadIn(reads, 'U1', direct, messages).asks).toBe(2);
  });

  test('is nothing after reading, and reading never goes back', () => {
    const done = markRead(reads, 'U1', 'C1', '1700000002.000000');
    expect(unreadIn(done, 'U1', channel, state.messages.get('C1')).count).toBe(0);
    expect(markRead(done, 'U1', 'C1', '1700000001.500000')).toBe(done);
  });

  test('says that a reply in a thread asks for the person, without counting it in the channel', () => {
    const reply = aMessage('Hello <@U1>', '1700000009.000000', { thread_ts: '1700000002.000000' });
    expect(unreadIn(reads, 'U1', channel, [reply])).toEqual({ count: 0, asks: 1, first: null });
    expect(unreadIn(markRead(reads, 'U1', 'C1', reply.ts), 'U1', channel, [reply]).asks).toBe(0);
  });

  test('leaves out replies in threads and channels that the person is not in', () => {
    const reply = aMessage('reply', '1700000009.000000', { thread_ts: '1700000002.000000' });
    expect(unreadIn(reads, 'U1', channel, [reply]).count).toBe(0);
    expect(unreadIn(reads, 'U9', channel, state.messages.get('C1')).count).toBe(0);
  });
});

describe('where a person may be', () => {
  test('stays where it may be, and else goes to the newest incident', () => {
    expect(allowedPlace(state, 'U1', 'C1')).toBe('C1');
    expect(allowedPlace(state, 'U1', 'home')).toBe('home');
    expect(allowedPlace(state, 'U1', 'nowhere')).toBe('C2');
    expect(allowedPlace(state, 'U2', 'C3')).toBe('C2');
    expect(allowedPlace(state, 'U1', 'C3')).toBe('C3');
  });

  test('writes where they are a member and nothing is archived', () => {
    expect(writablePlace(state, 'U1')).toBe('C2');
    const archived = { ...aSnapshot().workspace, channels: [aChannel('C9', { members: ['U1'], is_archived: true })] };
    expect(writablePlace(fromSnapshot({ ...aSnapshot(), workspace: archived }), 'U1')).toBeNull();
  });
});

describe('following an address on a narrow screen', () => {
  const ui = (more: Partial<UiState>): UiState => ({
    ...{ me: 'U2', route: { place: 'C1' }, column: 'main', reads: { baseline: '0', upTo: {} } },
    ...{ dismissed: new Set<string>(), toasts: [], dialog: null, tourAway: false, ...more },
  });

  test('a panel stays in front, though browsers tell of one move twice', () => {
    const once = followed(ui({}), '#/C1?panel=phones');
    expect(once).toMatchObject({ column: 'side', route: { place: 'C1', panel: 'phones' } });
    expect(followed(once, '#/C1?panel=phones')).toBe(once);
  });

  test('Back from a thread shows the channel again', () => {
    const thread = ui({ column: 'side', route: { place: 'C1', thread: '1.1' } });
    expect(followed(thread, '#/C1')).toMatchObject({ column: 'main', route: { place: 'C1' } });
  });
});
