import { expect, test } from 'vitest';
import { done, retry } from '../../src/domain/effect/outcome.ts';
import type { OnCallPerson } from '../../src/ports/pager.ts';
import { createSchedules } from '../../src/schedules.ts';
import { anEstate } from '../support/domain-fixtures.ts';

const estate = anEstate();
estate.people['ben'] = { name: 'Ben', email: 'ben@example.com' };
estate.roles = { 'on-call': { people: ['ana'], pagerduty_schedule: 'P1' }, secondary: { people: ['ben'] } };
const people: OnCallPerson[] = [
  { pagerduty: 'PANA001', name: 'Ana Ito' },
  { pagerduty: 'PBEN001', name: 'Ben Okoro', email: 'Ben@example.com' },
  { pagerduty: 'PZED001', name: 'Zed Stranger' },
];

test('names people of the estate by id or e-mail, others as the pager does, and asks only where there is a schedule', async () => {
  const asked: string[] = [];
  const onCall = (schedule: string) => (asked.push(schedule), Promise.resolve(done(people)));
  const found = await createSchedules({ onCall })(estate, ['on-call', 'secondary', 'nowhere', 'on-call']);
  const named = ['ana', 'ben', 'pagerduty:PZED001:Zed Stranger'];
  expect(found).toEqual({ 'on-call': { kind: 'named', people: named } });
  expect(asked).toEqual(['P1']);
});

test('a pager that is silent or broken is a reason, within 1.5 s, and is not asked again at once', async () => {
  let now = 0;
  let asked = 0;
  const answers = [
    () => new Promise<never>(() => undefined),
    () => Promise.resolve(retry('HTTP 500')),
    () => Promise.reject(new Error('broken')),
    () => Promise.resolve(done(people)),
    () => Promise.resolve(done(people)),
  ];
  const read = createSchedules({ onCall: () => answers[asked++]!() }, () => now);
  const began = performance.now();
  const reasons = [];
  for (; asked < 4; now += 5000) {
    const [first, again] = [await read(estate, ['on-call']), await read(estate, ['on-call'])];
    if (first['on-call']?.kind === 'unread') expect(again).toEqual(first);
    reasons.push(first['on-call']?.kind === 'unread' ? first['on-call'].reason : 'named');
  }
  expect(performance.now() - began).toBeLessThan(2500);
  const late = 'the pager gave no answer in time';
  expect(reasons).toEqual([late, 'HTTP 500', late, 'named']);
});
