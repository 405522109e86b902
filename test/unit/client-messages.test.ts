import { describe, expect, test } from 'vitest';
import { initials } from '@lifeboat/sandbox/client/bits/initials';
import { plainWords } from '@lifeboat/sandbox/client/channel/plain-words';
import { latestOf, layOut } from '@lifeboat/sandbox/client/message/rows';
import { makeTimes } from '@lifeboat/sandbox/client/message/times';
import { groupChannels, severityMark } from '@lifeboat/sandbox/client/sidebar/channel-order';
import { repliesTo, roots, summarise } from '@lifeboat/sandbox/client/thread/replies';
import { aChannel, aMessage, aUser } from '../support/client-facts.ts';

/** 2023-11-14 22:13:20 UTC is 1700000000. */
const times = makeTimes(() => new Date('2023-11-15T09:00:00Z'), 'en-US', 'UTC');
const at = (seconds: number) => `${1_700_000_000 + seconds}.000000`;

describe('a list of messages', () => {
  const lay = (...messages: ReturnType<typeof aMessage>[]) =>
    layOut(messages, [], times).map((row) =>
      row.kind === 'message' ? `${row.lead ? 'lead ' : ''}${row.message.text}` : row.kind,
    );

  test('names the author once for what was written within five minutes', () => {
    expect(lay(aMessage('a', at(0)), aMessage('b', at(290)), aMessage('c', at(600)))).toEqual([
      'day',
      'lead a',
      'b',
      'lead c',
    ]);
  });

  test('names each author where they change', () => {
    expect(lay(aMessage('a', at(0)), aMessage('b', at(1), { user: 'U1' }), aMessage('c', at(2)))).toEqual([
      ...['day', 'lead a', 'lead b', 'lead c'],
    ]);
  });

  test('begins each day with its name', () => {
    const rows = layOut([aMessage('a', at(0)), aMessage('b', at(7200))], [], times);
    expect(rows.flatMap((row) => (row.kind === 'day' ? [row.label] : []))).toEqual(['Yesterday', 'Today']);
  });

  test('puts what only one person sees where it happened, and a line above what is new', () => {
    const psst = { id: 'E1', channel: 'C1', user: 'U1', text: 'Psst', ts: at(5), via: 'ack' as const };
    const rows = layOut([aMessage('a', at(0)), aMessage('b', at(9))], [psst], times, at(9));
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'message', 'ephemeral', 'new', 'message']);
  });

  test('has a newest one, be it seen by all or by one', () => {
    const psst = { id: 'E1', channel: 'C1', user: 'U1', text: 'Psst', ts: at(5), via: 'ack' as const };
    expect(latestOf(layOut([aMessage('a', at(0)), aMessage('b', at(9))], [psst], times))).toBe(at(9));
    expect(latestOf(layOut([aMessage('a', at(0))], [psst], times))).toBe(at(5));
    expect(latestOf([])).toBe('');
  });
});

describe('times', () => {
  test('are said as a person says them', () => {
    expect(times.clock(at(0))).toMatch(/^10:13\sPM$/);
    expect(times.when(at(0))).toMatch(/^yesterday at 10:13\sPM$/);
    expect(times.when(at(-864_000))).toMatch(/^Saturday, November 4 at/);
    expect(times.exact(at(0))).toMatch(/Tuesday, November 14, 2023.*10:13:20\sPM/);
  });
});

describe('threads', () => {
  const first = aMessage('root', at(0), { thread_ts: at(0) });
  const replies = [
    aMessage('one', at(1), { thread_ts: at(0) }),
    aMessage('two', at(2), { thread_ts: at(0), user: 'U1' }),
  ];

  test('stand beside the channel, which shows only how many answered, who, and when', () => {
    const all = [first, ...replies, aMessage('other', at(3))];
    expect(roots(all).map(({ text }) => text)).toEqual(['root', 'other']);
    expect(repliesTo(all, at(0))).toEqual(replies);
    expect(summarise(all).get(at(0))).toEqual({ count: 2, last: at(2), users: 'U1 U2' });
  });
});

describe('the side bar', () => {
  test('shows the newest incident first, and the rest by name', () => {
    const channels = [
      aChannel('C1', { name: 'operations' }),
      aChannel('C2', { name: 'dr-2-old', created: 5 }),
      aChannel('C3', { name: 'dr-3-new', created: 9 }),
      aChannel('C4', { name: 'dr-1-done', is_archived: true }),
      aChannel('C5', { name: 'general' }),
      aChannel('C6', { name: 'secret', is_private: true, members: ['U2'] }),
      aChannel('D1', { is_im: true, im_user: 'U1' }),
      aChannel('D2', { is_im: true, im_user: 'U2' }),
    ];
    const groups = groupChannels(channels, 'U1');
    const names = Object.values(groups).map((group: typeof channels) => group.map(({ id }) => id));
    expect(names).toEqual([['C3', 'C2'], ['C5', 'C1'], ['C4'], ['D1']]);
  });

  test('marks an incident as its topic says it stands', () => {
    expect(severityMark(aChannel('C1', { topic: 'DR-1 · P0 Critical · Orders' }))?.emoji).toBe('red_circle');
    expect(severityMark(aChannel('C1', { topic: 'DR-1 · resolved · Orders' }))?.emoji).toBe('white_check_mark');
    expect(severityMark(aChannel('C1', { topic: 'Everything else' }))).toBeNull();
  });

  test('writes people as their initials', () => {
    expect(['Ana Ito', 'Ben', 'Cleo de la Diaz', ''].map(initials)).toEqual(['AI', 'B', 'CD', '?']);
  });
});

test('a pin shows its message in one line of plain words', () => {
  const users = new Map([['U1', aUser('U1', 'ana', 'Ana Ito')]]);
  const channels = new Map([['C1', aChannel('C1', { name: 'general' })]]);
  const text = '*DR-1* by <@U1> in <#C1>: `a` &lt; b, <https://example.com|link>, due <!date^1^{time}|3:00>';
  expect(plainWords(text, { users, channels })).toBe('DR-1 by @Ana Ito in #general: a < b, link, due 3:00');
});
