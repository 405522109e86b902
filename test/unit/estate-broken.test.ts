import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEstate } from '../../src/estate/load.ts';
import { copySmallEstate, ESTATE, RESTART_API, type EstateCopy } from '../support/estates/copy.ts';

let copy: EstateCopy;
beforeEach(async () => {
  copy = await copySmallEstate();
});
afterEach(() => copy.remove());

const CHECKS = '    site: east\n    checks: ';

describe('a broken estate is refused with the place, the rule and the fix', () => {
  it.each<[string, string, string, string, string | RegExp]>([
    [
      'an unknown key',
      ESTATE,
      '    owner: database',
      '    ¦ownr: x\n    owner: database',
      'services.database: unknown key "ownr"',
    ],
    ['a missing key', ESTATE, '  database:\n    tier: 1\n    ', '  database:\n    ¦', '"tier" is missing'],
    [
      'a word for two severities',
      ESTATE,
      '    name: High\n',
      '    name: High\n    aliases: [sev1, ¦CRITICAL]\n',
      '"CRITICAL" of P1 means P0 already',
    ],
    [
      'an alias of two words',
      ESTATE,
      '    name: High\n',
      '    name: High\n    aliases: [¦very bad]\n',
      'got "very bad". An alias is one word',
    ],
    ['a missing severity', ESTATE, '  P2:\n', '  P4:\n', '"P2" is missing'],
    ['text for a number', ESTATE, 'tier: 2', 'tier: ¦two', 'services.shop-front.tier: got "two". Must be a number'],
    ['a number for text', ESTATE, 'slack: U01ANA', 'slack: ¦12', 'got 12. Must be text. Put it in quotes'],
    ['a duration without a unit', ESTATE, 'rto: 2h', 'rto: ¦15', 'Write 15s or 15m'],
    ['a duration that is none', ESTATE, 'rto: 2h', 'rto: ¦soon', 'got "soon". A duration is a whole number and a unit'],
    ['a duration of zero', ESTATE, 'update_every: 15m', 'update_every: ¦0s', 'It must be longer than 0'],
    ['a negative duration', ESTATE, 'update_every: 15m', 'update_every: ¦-15m', 'got "-15m"'],
    ['a wrong e-mail address', ESTATE, 'ana@example.com', '¦ana', 'people.ana.email: got "ana". An e-mail address'],
    [
      'an unknown person',
      ESTATE,
      'on-call: { people: [ana]',
      'on-call: { people: [¦anna]',
      'unknown person "anna". Known: ana, ben, cleo, dan. Did you mean "ana"?',
    ],
    [
      'an unknown policy',
      ESTATE,
      'escalation: critical',
      'escalation: ¦critcal',
      'unknown escalation policy "critcal"',
    ],
    [
      'an unknown audience',
      ESTATE,
      '[responders, management, customers]',
      '[responders, ¦managment]',
      'Did you mean "management"?',
    ],
    ['an unknown role in a policy', ESTATE, 'page: [secondary]', 'page: [¦second]', 'unknown role "second"'],
    ['an unknown audience in a policy', ESTATE, 'notify: [management]', 'notify: [¦press]', 'unknown audience "press"'],
    [
      'a repeat that is none',
      ESTATE,
      '  quiet:\n    - { after: 0s, notify: [responders] }',
      '  quiet: { repeat: ¦always, levels: [{ after: 0s, notify: [responders] }] }',
      'number of times from 0 to 100, or until_answered',
    ],
    [
      'a repeat of what pages nobody',
      ESTATE,
      '  quiet:\n    - { after: 0s, notify: [responders] }',
      '  quiet: { ¦repeat: 2, levels: [{ after: 0s, notify: [responders] }] }',
      'quiet repeats and pages nobody',
    ],
    [
      'a wrong level of a policy that says more than its levels',
      ESTATE,
      '  quiet:\n    - { after: 0s, notify: [responders] }',
      '  quiet: { levels: [{ after: 0s, page: [¦nobody] }] }',
      'unknown role "nobody"',
    ],
    [
      'a level of a plain list without its time',
      ESTATE,
      '    - { after: 0s, notify: [responders] }',
      '    - ¦{ notify: [responders] }',
      '"after" is missing',
    ],
    [
      'a level of a plain list with a wrong time',
      ESTATE,
      '    - { after: 0s, notify: [responders] }',
      '    - { after: ¦soon, notify: [responders] }',
      'escalation_policies.quiet[0].after: got "soon"',
    ],
    ['an unknown role for consent', ESTATE, 'consent: communications', 'consent: ¦comms', 'unknown role "comms"'],
    ['an unknown owner', ESTATE, 'owner: database', 'owner: ¦databse', 'Did you mean "database"?'],
    ['an unknown dependency', ESTATE, 'depends_on: [database]', 'depends_on: [¦databas]', 'unknown service "databas"'],
    ['an unknown site', ESTATE, 'site: east', 'site: ¦est', 'unknown site "est"'],
    ['an unknown runbook', ESTATE, 'recover: restart-api', 'recover: ¦restrat-api', 'Did you mean "restart-api"?'],
    ['an unknown severity', ESTATE, 'declare: P1', 'declare: ¦P7', 'unknown severity "P7". Known: P0, P1, P2, P3'],
    ['an unknown service of an alert', ESTATE, '    service: api', '    service: ¦apii', 'unknown service "apii"'],
    ['an unknown role of a contact', ESTATE, '[on-call, secondary]', '[on-call, ¦nobody]', 'unknown role "nobody"'],
    ['an inherited name', ESTATE, 'owner: database', 'owner: ¦constructor', 'unknown role "constructor"'],
    [
      'one Slack id for two people',
      ESTATE,
      'slack: U01BEN',
      'slack: ¦U01ANA',
      'ben (Ben Okoro) has the Slack id of ana (Ana Ito), U01ANA',
    ],
    [
      'one PagerDuty id for two people',
      ESTATE,
      'slack: U01BEN',
      'slack: U01BEN, pagerduty: ¦PANA001',
      'ben (Ben Okoro) has the PagerDuty id of ana (Ana Ito), PANA001',
    ],
    [
      'a role that nobody holds',
      ESTATE,
      'secondary: { people: [ben] }',
      'secondary: ¦{ people: [] }',
      'nobody holds the role secondary',
    ],
    [
      'an audience without a medium',
      ESTATE,
      '{ slack: incident-channel }',
      '¦{}',
      'nobody can be told: responders has no medium',
    ],
    ['levels that go back in time', ESTATE, 'after: 15m', 'after: ¦4m', 'level 3 comes at 4m, not after level 2 at 5m'],
    ['two levels at one time', ESTATE, 'after: 15m', 'after: ¦5m', 'Levels are in ascending order'],
    [
      'services in a circle',
      ESTATE,
      '    recover: restart-database',
      '    recover: restart-database\n    depends_on: ¦[shop-front]',
      'in a circle: database → shop-front → api → database',
    ],
    ['a service that needs itself', ESTATE, 'depends_on: [database]', 'depends_on: ¦[api]', 'in a circle: api → api'],
    [
      'recovery by itself without a runbook',
      ESTATE,
      '    name: Shop front',
      '    ¦auto_recover: true\n    name: Shop front',
      'shop-front has auto_recover and no runbook',
    ],
    [
      'an address without http',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: up, uses: http, with: { url: ¦"ftp://x/y" } }]\n`,
      'got "ftp://x/y". An address starts with http://',
    ],
    [
      'a port out of range',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: up, uses: tcp, with: { host: h, port: ¦70000 } }]\n`,
      'got 70000. At most 65535',
    ],
    [
      'a check that asks people',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: up, uses: ¦manual }]\n`,
      'manual is not a check',
    ],
    [
      'a check that reads inputs',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: up, uses: tcp, with: { port: 1, host: ¦"\${{ inputs.h }}" } }]\n`,
      'inputs does not exist: the context has sites',
    ],
    [
      'a check whose site has no such key',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: up, uses: tcp, with: { port: 1, host: ¦"\${{ sites.east.hst }}" } }]\n`,
      'sites.east has role, capacity, url',
    ],
    [
      'a check that reads the wrong kind',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: up, uses: tcp, with: { host: h, port: ¦"\${{ sites.east.url }}" } }]\n`,
      'got "http://127.0.0.1:8081". Must be a number',
    ],
    [
      'two checks of one name',
      ESTATE,
      '    site: east\n',
      `${CHECKS}[{ id: a, uses: noop }, { id: ¦a, uses: noop }]\n`,
      'two checks are called a',
    ],
    ['a pattern that fits nothing', ESTATE, 'runbooks: runbooks', 'runbooks: ¦runboks', 'no file fits runboks/*.yaml'],
    ['a key twice', ESTATE, 'drills: ', '¦name: again\ndrills: ', 'Map keys must be unique'],
    ['a reserved key', ESTATE, 'sites:\n', 'sites:\n  ¦__proto__: { role: x }\n', 'key "__proto__" is reserved'],
    ['a name with a space', ESTATE, '  secondary: {', '  ¦second line: {', 'not a name'],
    ['a second document', ESTATE, 'backups: []', 'backups: []\n¦---\nmore: 1', 'a second document begins here'],
  ])('%s', async (_, file, from, to, expected) => {
    const place = await copy.spoil(file, from, to);
    const problems = await copy.problems();
    expect(problems.join('\n')).toContain(expected);
    if (to.includes('¦')) expect(problems.join('\n')).toContain(place);
    for (const problem of problems) expect(problem).toMatch(/^[^:]+:\d+:\d+: error: \S.*[.?!] .*[.?!]$/);
  });

  it('lists every problem of every file at once, in the order of the lines', async () => {
    await copy.spoil(ESTATE, 'tier: 2', 'tier: two');
    await copy.spoil(ESTATE, 'name: small-shop', 'nam: small-shop');
    await copy.spoil(RESTART_API, 'needs: [look]', 'need: [look]');
    const problems = await copy.problems();
    expect(problems.map((problem) => problem.replace(`${copy.folder}/`, '').split(' ')[0])).toEqual([
      'small.yaml:2:1:',
      'small.yaml:2:1:',
      'small.yaml:90:11:',
      'runbooks/restart-api.yaml:17:5:',
    ]);
  });

  it('says of a broken runbook only what is broken, and not that its name is unknown', async () => {
    await copy.spoil(RESTART_API, 'needs: [look]', 'need: [look]');
    expect(await copy.problems()).toHaveLength(1);
  });

  it('passes over the hidden files that editors leave behind', async () => {
    await writeFile(join(copy.folder, 'runbooks/.swap.yaml'), 'half: [');
    expect(await copy.problems()).toEqual([]);
  });

  it('answers any damage with problems that lie inside the file, and never throws', async () => {
    const lines = (await readFile(join(copy.folder, ESTATE), 'utf8')).split('\n');
    const damage = fc.tuple(
      fc.nat(lines.length - 1),
      fc.constantFrom('', '  - x', ': {', '\t', '&a *a', '? [', '  0: 0', '"', 'null', '${{'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (hits) => {
        const hurt = lines.map((line, index) => hits.find(([at]) => at === index)?.[1] ?? line);
        await writeFile(join(copy.folder, ESTATE), hurt.join('\n'));
        const loaded = await loadEstate(join(copy.folder, ESTATE));
        for (const { line, column, message, rule, fix } of loaded.ok ? [] : loaded.problems) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect([message, rule, fix].every((words) => words.length > 0)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('stops a file that unfolds into millions of nodes', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefg'.split('').map((key, n) => `${key}: &${key} [${Array(9).fill(`*${'abcdef'[n]!}`).join(', ')}]`),
    ];
    await writeFile(join(copy.folder, ESTATE), bomb.join('\n'));
    expect((await copy.problems()).join('\n')).toContain('Excessive alias count');
  });

  it('says when a file is empty or cannot be read', async () => {
    await writeFile(join(copy.folder, 'empty.yaml'), '# nothing\n');
    expect(await copy.problems('empty.yaml')).toEqual([expect.stringContaining('the file is empty')]);
    expect(await copy.problems('nowhere.yaml')).toEqual([expect.stringContaining('the file cannot be read: ENOENT')]);
  });
});
