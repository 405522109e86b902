import { beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { identitiesOf } from '../../src/domain/estate/people.ts';
import { readMoment } from '../../src/domain/incident/search.ts';
import { searchText } from '../../templates/search.ts';
import { anIncident, at, smallEstate } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

test.each([
  ['2026-11-01', '2026-11-01T00:00:00.000Z', 86_400_000],
  ['2026-11-01T08:30', '2026-11-01T08:30:00.000Z', 60_000],
  ['2024-02-29', '2024-02-29T00:00:00.000Z', 86_400_000],
])('reads %s as a moment in UTC', (text, iso, lasts) => {
  expect(readMoment(text)).toEqual({ at: new Date(iso), lasts });
});

test.each(['2026-02-30', '2026-13-01', '01.11.2026', '2026-11-01T25:00', 'yesterday', ''])(
  '%j is no moment',
  (text) => {
    expect(readMoment(text)).toBeNull();
  },
);

test('a person goes by all accounts that the estate knows of them', () => {
  expect(identitiesOf(estate, 'slack:U01ANA')).toEqual(['slack:U01ANA', 'pagerduty:PANA001']);
  expect(identitiesOf(estate, 'pagerduty:PANA001:Ana')).toEqual(['pagerduty:PANA001', 'slack:U01ANA']);
  expect(identitiesOf(estate, 'slack:U0NOBODY')).toEqual(['slack:U0NOBODY']);
});

test('what does not fit on a page is counted, with the way to it', () => {
  const shown = Array.from({ length: 12 }, (_, index) => anIncident({ id: 40 - index, title: '&'.repeat(150) }));
  const first = searchText({ shown, total: 24, page: 1, asked: 'disk <!here> service:api', estate, now: at(9) });
  accept(first);
  expect(readable(first)).toContain('… 12 more: `/dr incident disk &lt;!here&gt; service:api page:2`');
  const last = searchText({ shown, total: 24, page: 2, asked: 'disk', estate, now: at(9) });
  expect(readable(last)).not.toContain('more:');
  const most = searchText({ shown: shown.slice(0, 9), total: 501, page: 42, asked: 'disk', estate, now: at(9) });
  expect(readable(most)).toContain('narrow what you look for');
  expect(readable(searchText({ shown: [], total: 0, page: 1, asked: 'x', estate, now: at(9) }))).toContain(
    'No incident fits `x`',
  );
});
