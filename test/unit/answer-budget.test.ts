import { expect, test } from 'vitest';
import { contactsText, whoText } from '../../templates/people.ts';
import { listText } from '../../templates/status.ts';
import { within } from '../../templates/words.ts';
import { anEstate } from '../support/domain-fixtures.ts';
import { anIncident, at } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

const ids = Array.from({ length: 64 }, (_, n) => `person-${n}`);
const estate = anEstate({
  people: Object.fromEntries(
    ids.map((id, n) => [
      id,
      { name: `Person ${n} Of A Long Name`, slack: `U0${n}`, phone: `+1-555-${n}`, email: `${id}@example.com` },
    ]),
  ),
  roles: { 'on-call': { people: ids }, database: { people: ids.slice(60) } },
  contacts: Object.fromEntries(ids.map((id) => [`Problem of ${id}`, ['on-call']])),
});

test('contacts of many people fit on a screen and say how to see the rest', () => {
  const text = contactsText(estate);
  expect(text.length).toBeLessThan(5000);
  expect(text).toMatch(/… \d+ more: `\/dr contacts &lt;name or duty&gt;`/);
  expect(text).toMatch(/… \d+ more: `\/dr who &lt;problem&gt;`/);
});

test('contacts with a word list those who have it, and say when nobody has', () => {
  expect(
    contactsText(estate, 'database')
      .split('\n')
      .filter((line) => line.startsWith('• <@')),
  ).toHaveLength(4);
  expect(contactsText(estate, 'zebra')).toContain('Nobody and no problem holds `zebra`');
});

test('whom to call for many problems is as short', () => {
  expect(whoText(estate, Object.keys(estate.contacts)).split('\n').at(-1)).toMatch(/^… \d+ more: say more/);
});

test('a long list of incidents is short, and says how many more there are', () => {
  const many = Array.from({ length: 50 }, (_, n) => anIncident({ id: n + 1, title: 'A long title '.repeat(10) }));
  const message = listText(many, estate, at(35));
  accept(message);
  expect(readable(message).length).toBeLessThan(4500);
  expect(readable(message)).toMatch(/… \d+ more: `\/dr status INC-7`/);
});

test.each([
  [['a', 'b'], 100, ['a', 'b']],
  [['aaaa', 'bbbb', 'cccc'], 11, ['aaaa', 'bbbb', '… 1 more: x']],
  [['aaaaaaaaaaaa', 'b'], 3, ['aaaaaaaaaaaa', '… 1 more: x']],
])('%j within %d characters is %j', (lines, budget, shown) => {
  expect(within(lines, budget, 'x')).toEqual(shown);
});
