import { beforeAll, describe, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { findNamed, peopleOf, servicesOf, takeNamed } from '../../src/domain/estate/typed-names.ts';
import { plainWords } from '../../src/domain/text/plain-words.ts';
import { inWords, readTyped } from '../../commands/typed.ts';
import {
  readAssignments,
  readPerson,
  readRoleAndPerson,
  takeIncident,
  takeOption,
  verbOf,
} from '../../commands/words.ts';
import { smallEstate } from '../support/facts.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

describe('what Slack sends is read as what the person meant', () => {
  test.each([
    ['see <https://x.example.com|x.example.com>', 'see https://x.example.com'],
    ['see <https://x.example.com/a?b=1&amp;c=2>', 'see https://x.example.com/a?b=1&c=2'],
    ['see <https://x.example.com/long/path|x.example.com/lo…>', 'see https://x.example.com/long/path'],
    ['see <https://x.example.com/r|the report &amp; more>', 'see the report & more (https://x.example.com/r)'],
    [
      'look <https://evil.example.com|https://status.example.com>',
      'look https://status.example.com (https://evil.example.com)',
    ],
    ['on <http://db.example.com|db.example.com>', 'on db.example.com'],
    ['write <mailto:ana@example.com|ana@example.com>', 'write ana@example.com'],
    ['call <tel:+15550101|+1 555 0101>', 'call +1 555 0101 (+15550101)'],
    ['ask <@U01BEN|ben> and <@U01CLEO>', 'ask @Ben Okoro and @Cleo Diaz'],
    ['ask <@U0NEW|zoe> or <@U0OTHER>', 'ask @zoe or @U0OTHER'],
    ['in <#C1|general> or <#C2>', 'in #general or #C2'],
    ['wake <!subteam^S1|@dba> and <!subteam^S2|net>', 'wake @dba and @net'],
    ['<!here> <!channel> <!everyone|@everyone>', '@here @channel @everyone'],
    ['since <!date^1795144440^{date} at {time}|20 Nov, 03:14>', 'since 20 Nov, 03:14'],
    ['since <!date^1795144440^{date}>', 'since 2026-11-20 03:14 UTC'],
    ['a &lt;!channel&gt; &amp;amp; b', 'a <!channel> &amp; b'],
    ['zero\u200Bwidth\uFEFF and so\u00ADft', 'zerowidth and soft'],
    ['left\u202Eright\u2066x\u2069', 'leftrightx'],
    ['half \uD83D of one, and 👩‍👩‍👧', 'half \uFFFD of one, and 👩‍👩‍👧'],
    ['It’s back – “all” of it', 'It’s back – “all” of it'],
    ['`vector<int>` and a < b > c', '`vector<int>` and a < b > c'],
    ['nul\0 here', 'nul here'],
  ])('%j', (sent, meant) => {
    expect(inWords(readTyped(sent), estate)).toBe(meant);
  });

  test.each([
    ['archive=<https://x.example.com/full.tar.gz|the archive>', { archive: 'https://x.example.com/full.tar.gz' }],
    ['archive=<https://x.example.com/a_b*.gz?x=1&amp;y=2>', { archive: 'https://x.example.com/a_b*.gz?x=1&y=2' }],
    ['host=<http://db.example.com|db.example.com>', { host: 'db.example.com' }],
    ['path=/var/lib/a–b/“x”', { path: '/var/lib/a–b/“x”' }],
    ['note=“two words” --site=west', { note: 'two words', site: 'west' }],
    ['—site=west note="it’s – so"', { site: 'west', note: 'it’s – so' }],
    ['path=`/var/lib/my dir` files=*.log_*', { path: '/var/lib/my dir', files: '*.log_*' }],
  ])('values of inputs: %j', (sent, values) => {
    expect(readAssignments(readTyped(sent, { links: 'address' }))).toEqual(values);
  });
});

describe('options survive keyboards', () => {
  test.each([
    'service:api',
    '--service api',
    '--service=api',
    '—service api',
    '–service:api',
    '*service:api*',
    'service:`api`',
    'service=“api”',
    'SERVICE：api',
    'Slow\u00A0service:api,',
  ])('%s', (typed) => {
    expect(takeOption(typed, 'service').value).toBe('api');
  });

  test('a word of the sentence is none', () => {
    expect(takeOption('the service: api is slow', 'service').value).toBeNull();
    expect(takeOption('microservice:api', 'service').value).toBeNull();
    expect(takeOption('mode:drill $& x', 'mode')).toEqual({ value: 'drill', rest: '$& x' });
  });

  test.each(['INC–7 it is back', '*INC-7* it is back', 'it is back `inc-7`.', 'INC\u20117: it is back'])(
    '%s',
    (typed) => {
      expect(takeIncident(typed)).toEqual({ named: 7, rest: 'it is back' });
    },
  );

  test.each(['Status', '*status*', '—status', '`status`', 'status:'])('the verb of %s', (typed) => {
    expect(verbOf(typed)).toBe('status');
  });
});

describe('names', () => {
  test.each([
    'ben',
    'BEN',
    '@ben',
    'Ben Okoro',
    'okoro ben',
    'Okoro, Ben',
    '“Ben Okoro”',
    '@Ben Okoro',
    'ben@example.com',
    '<@U01BEN|x>',
  ])('%s is a person', (typed) => expect(readPerson(typed, estate)).toBe('slack:U01BEN'));

  test('of services and roles without case, by the name for people, with any dash', () => {
    const named = structuredClone(estate);
    named.services['api']!.name = 'Order Gateway';
    for (const typed of ['api', 'API', 'order gateway', 'Gateway Order', '*Order–Gateway*'])
      expect(findNamed(typed, servicesOf(named)), typed).toEqual(['api']);
    expect(readRoleAndPerson('Incident Commander @Ben Okoro', estate)).toEqual({
      role: 'incident-commander',
      who: '@Ben Okoro',
    });
    expect(readRoleAndPerson('<@U01DAN|dan> communications', estate)).toEqual({
      role: 'communications',
      who: '<@U01DAN|dan>',
    });
    expect(readRoleAndPerson('me on–call', estate)).toEqual({ role: 'on-call', who: 'me' });
  });

  test('the longest one that fits begins the words; two that fit alike are both named', () => {
    expect(takeNamed('ben okoro: come', peopleOf(estate))).toEqual({ ids: ['ben'], typed: 'ben okoro:', rest: 'come' });
    const twins = structuredClone(estate);
    twins.people['cleo']!.name = 'Ben Okoro';
    expect(() => readPerson('Ben Okoro', twins)).toThrow(/may be ben or cleo/);
  });
});

test.each([
  ['*P0* is _very_ ~not~ `bad`', 'P0 is very not bad'],
  ['*_both_* and ```\nrm *.log\n```', 'both and rm *.log'],
  ['snake_case_name, 2 * 3 * 4, ls *.log *.txt', 'snake_case_name, 2 * 3 * 4, ls *.log *.txt'],
  ['`my_var_x` stays', 'my_var_x stays'],
])('plain words of %j', (typed, plain) => {
  expect(plainWords(typed)).toBe(plain);
});
