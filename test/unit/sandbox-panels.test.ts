import { describe, expect, it } from 'vitest';
import type { ServiceTile, WireRow } from '@lifeboat/sandbox/page/protocol';
import { countsOf } from '@lifeboat/sandbox/client/app/panel-counts';
import { inOrderOfNeed } from '@lifeboat/sandbox/client/aside/estate-order';
import { healthWords } from '@lifeboat/sandbox/client/aside/health-words';
import { ago } from '@lifeboat/sandbox/client/aside/time-words';
import { isError, wireRows } from '@lifeboat/sandbox/client/aside/wire-filter';
import { fromSnapshot } from '@lifeboat/sandbox/client/state/client-state';
import { aSnapshot } from '../support/client-facts.ts';

const row = (n: number, over: Partial<WireRow> = {}): WireRow => ({
  ...{ n, at: n, between: 'slack', direction: 'out', what: 'POST chat.postMessage', status: 200, ms: 3 },
  ...{ request: { text: 'Gateway down' }, response: { ok: true } },
  ...over,
});
const tile = (id: string, depends_on: string[] = []): ServiceTile => ({
  ...{
    id,
    name: id,
    site: 'east',
    tier: 1,
    port: 1,
    depends_on,
    health: 'up',
    reason: 'healthy',
    pid: 1,
    broken: null,
  },
  remedy: `recover ${id}`,
});
const all = { between: 'all', errorsOnly: false, text: '' } as const;

describe('the wire', () => {
  it('shows the newest first, by service and by any word of request or answer', () => {
    const rows = [
      row(1),
      row(2, { between: 'mail', what: 'SMTP message' }),
      row(3, { response: { ok: true, ts: '17.5' } }),
    ];
    const numbers = (filter: Parameters<typeof wireRows>[1]) => wireRows(rows, filter).map(({ n }) => n);
    expect(numbers(all)).toEqual([3, 2, 1]);
    expect(numbers({ ...all, between: 'mail' })).toEqual([2]);
    expect(numbers({ ...all, text: ' GATEWAY down' })).toEqual([3, 2, 1]);
    expect(numbers({ ...all, text: '17.5' })).toEqual([3]);
    expect(numbers({ ...all, text: 'nothing like it' })).toEqual([]);
  });

  it.each([
    ['an answer of 400 and more', { status: 503 }, true],
    ['an SMTP refusal', { status: 552, between: 'mail', response: 'too large' } as const, true],
    ['no answer in the end', { status: 0, ms: 5000, response: null }, true],
    ['a request that waits', { status: 0, ms: null, response: null }, false],
    ['what Slack refuses with 200', { response: { ok: false, error: 'ratelimited' } }, true],
    ['an accepted event', { status: 202 }, false],
  ])('counts %s rightly', (_what, over, expected) => {
    expect(isError(row(1, over))).toBe(expected);
    expect(wireRows([row(1, over)], { ...all, errorsOnly: true })).toHaveLength(expected ? 1 : 0);
  });
});

describe('the estate', () => {
  it('says which services are ill, and which only suffer with them', () => {
    const ill = (each: ServiceTile, health: ServiceTile['health'] = 'down') => ({ ...each, health });
    const [db, api, web, mail] = [tile('db'), tile('api', ['db']), tile('web', ['api']), tile('mail')];
    expect(healthWords([db, api])).toBe('All are healthy.');
    expect(healthWords([])).toBe('');
    expect(healthWords([ill(db, 'unknown'), api])).toBe('1 of 2 were looked at since the start.');
    expect(healthWords([db, api, ill(web)])).toBe('web is not healthy.');
    expect(healthWords([ill(db), ill(api, 'degraded'), web])).toBe(
      'db is not healthy. api needs db, directly or through another, and suffers with it.',
    );
    expect(healthWords([ill(db), ill(api), ill(web), ill(mail)])).toBe(
      'db and mail are not healthy. api and web need one of them, directly or through another, and suffer with them.',
    );
  });

  const order = (services: ServiceTile[]) => inOrderOfNeed(services).map(({ id }) => id);

  it('stands in the order in which services need each other', () => {
    const services = [tile('dashboard', ['api', 'auth']), tile('api', ['auth']), tile('mail'), tile('auth')];
    expect(order(services)).toEqual(['auth', 'api', 'dashboard', 'mail']);
  });

  it('loses nothing when services need each other in a ring, or what is not there', () => {
    expect(order([tile('a', ['b']), tile('b', ['a']), tile('c', ['gone'])]).sort()).toEqual(['a', 'b', 'c']);
  });
});

it('the badge of the Inbox counts the mails that were not opened', () => {
  const letter = { at: 1, from: 'pager@example.com', to: ['ana@example.com'], subject: 'Page', text: '', html: null };
  const state = {
    ...fromSnapshot(aSnapshot()),
    mail: [
      { ...letter, id: 'm1' },
      { ...letter, id: 'm2' },
    ],
  };
  const inbox = (...read: string[]) => countsOf(state, new Set(read)).inbox;
  expect(inbox()).toEqual({ count: 2, words: 'unread mails' });
  expect(inbox('m1')).toEqual({ count: 1, words: 'unread mail' });
  expect(inbox('m1', 'm2').count).toBe(0);
});

it.each([
  [-5000, 'just now'],
  [59_000, 'just now'],
  [60_000, '1 min ago'],
  [3_600_000, '1 h ago'],
  [47 * 3_600_000, '47 h ago'],
  [3 * 86_400_000, '3 d ago'],
])('a time %i ms back is said as %s', (ms, words) => {
  expect(ago(1_700_000_000_000 - ms, 1_700_000_000_000)).toBe(words);
});
