import { expect, test } from 'vitest';
import { takeAnyway } from '../../commands/words.ts';
import { gistOf, similarTo } from '../../src/domain/incident/similar.ts';
import { similarText } from '../../templates/similar.ts';
import { anEstate } from '../support/domain-fixtures.ts';
import { anIncident, at, smallEstate } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

test.each([
  ['Checkout is down', 'CHECKOUT, is down!!!'],
  ['Checkout is down', 'P0: checkout is down'],
  ['Checkout is down', 'sev-1 Critical: Checkout — is down'],
  ['Café fermé', 'cafe\u0301 ferme\u0301'],
  ['Log-ins fail', 'log ins fail'],
])('"%s" says the same as "%s"', (one, other) => {
  expect(gistOf(one, anEstate())).toBe(gistOf(other, anEstate()));
});

test('titles of which nothing is left are never the same', () => {
  const estate = anEstate();
  expect(gistOf('P0 critical!!', estate)).toBe('');
  expect(similarTo(estate, { title: '!!!', service: null }, [anIncident({ title: 'P1', service: null })])).toBeNull();
  expect(gistOf('a'.repeat(100_000), estate)).toHaveLength(100_000);
});

test.each([
  ['P0 Lights are out anyway', true, 'P0 Lights are out'],
  ['P0 Lights are out, *anyway*.', true, 'P0 Lights are out'],
  ['P0 It was anyway broken', false, 'P0 It was anyway broken'],
  ['P0 It goes its way', false, 'P0 It goes its way'],
])('"%s" is typed anyway: %s', (text, anyway, rest) => {
  expect(takeAnyway(text)).toEqual({ anyway, rest });
});

test('an answer says first that nothing was declared, and offers what fits', async () => {
  const estate = await smallEstate();
  const incident = anIncident({ severity: 'P2', title: '<!channel> `x` \u202Eis down', acknowledged_at: null });
  const worse = similarText({ incident, offer: 'slack:1.2.3', wanted: 'P0' }, estate, at(3));
  accept(worse);
  const text = readable(worse);
  expect(text).toMatch(
    /^TEXT :warning: \*Nothing was declared, and nobody new is paged\.\* <@U01DAN> declared what looks like the same 3 minutes ago/,
  );
  expect(text).toContain('<#C0INC12>; nobody has acknowledged it yet');
  expect(text).toMatch(
    /\[Join INC-12\] join=12\n\[Raise INC-12 to P0\] raise=12\|P0\n\[Declare all the same\] declare-anyway=slack:1\.2\.3/,
  );
  expect(text).not.toContain('<!channel>');
  const milder = similarText({ incident, offer: 'o', wanted: 'P3' }, estate, at(3));
  expect(readable(milder)).not.toContain('Raise');
});
