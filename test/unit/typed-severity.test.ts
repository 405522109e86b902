import { beforeAll, describe, expect, test } from 'vitest';
import { titleOf } from '../../commands/declare.ts';
import { needSeverity } from '../../commands/words.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { headOf, leadingSeverity } from '../../src/domain/estate/typed-severity.ts';
import { smallEstate } from '../support/facts.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});
const lead = (text: string) => leadingSeverity(text, estate.severities, 'P1');

describe('the severity as people type it', () => {
  test.each([
    'P0: Site is dark',
    'P0 Site is dark',
    '*P0* Site is dark',
    '[P0] Site is dark',
    '(p0) Site is dark',
    'p0, Site is dark',
    'P0 – Site is dark',
    'P0 -- Site is dark',
    'P-0 Site is dark',
    'P0:Site is dark',
    '`P0` Site is dark',
    '*P0:* Site is dark',
    '*P0: Site is dark*',
    '_*P0*_ - Site is dark',
    'SEV0 Site is dark',
    'sev-0: Site is dark',
    'Sev–0 Site is dark',
    'sev 0 Site is dark',
    'severity 0: Site is dark',
    'critical Site is dark',
    'Critical: Site is dark',
    'CRITICAL - Site is dark',
    '[critical] Site is dark',
  ])('%s', (typed) => {
    expect(lead(typed)).toEqual({ kind: 'severity', severity: 'P0', rest: 'Site is dark' });
  });

  test.each([
    ['sev-1 db is slow', 'P1', 'db is slow'],
    ['low: db is slow', 'P3', 'db is slow'],
    ['medium Database is slow', 'P2', 'Database is slow'],
    // What may be the sentence's own word stays in it.
    ['critical payment outage', 'P0', 'critical payment outage'],
    ['High error rate', 'P1', 'High error rate'],
  ])('%s', (typed, severity, rest) => {
    expect(lead(typed)).toEqual({ kind: 'severity', severity, rest });
  });

  test.each(['P7 x', 'sev9 x', 'SEV-4: x', 'p4, x', '[P12] x', 'severity 7 x', 'P9'])('%s is asked about', (typed) => {
    expect(lead(typed)).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    'P99 latency is high',
    'service api is slow',
    'p1.example.com is down',
    'P0-1 link lost',
    'Seven are down',
    '',
  ])('"%s" begins with none', (typed) => expect(lead(typed)).toEqual({ kind: 'none', perhaps: null }));

  test.each(['low disk space', 'Low Kafka throughput', 'Medium tier is slow'])(
    '"%s" is never taken for something milder',
    (typed) => expect(lead(typed)).toMatchObject({ kind: 'none', perhaps: expect.stringMatching(/P[23]/) as string }),
  );

  test('the aliases of the estate come first, and one that counts SEV from 1 counts all of them so', () => {
    const named = structuredClone(estate);
    named.severities.P0.aliases = ['outage', 'sev1', 'code-red'];
    const read = (text: string) => leadingSeverity(text, named.severities, 'P1');
    for (const typed of ['Outage: x', 'SEV-1 x', 'code_red: x', 'Code–Red, x'])
      expect(read(typed), typed).toMatchObject({ kind: 'severity', severity: 'P0', rest: 'x' });
    expect(read('sev2 x')).toEqual({ kind: 'unknown', word: 'sev2' });
    expect(read('P1 x')).toMatchObject({ severity: 'P1' });
    expect(needSeverity('OUTAGE', named)).toBe('P0');
  });

  test('a change of severity takes its word whatever follows', () => {
    for (const typed of ['low only one desk', 'P3: only one desk', '*sev3* only one desk']) {
      const { word, rest } = headOf(typed)!;
      expect([needSeverity(word, estate), rest], typed).toEqual(['P3', 'only one desk']);
    }
    expect(() => needSeverity('P7', estate)).toThrow('`P7` is no severity');
  });
});

test('a title is one line of plain words; what it has no room for is kept beside it', () => {
  expect(titleOf('“*Site* is `dark`”')).toEqual({ title: 'Site is dark', description: null });
  expect(titleOf('Site is dark\nsince *noon*')).toEqual({
    title: 'Site is dark',
    description: 'Site is dark\nsince *noon*',
  });
  const long = `${'word '.repeat(29)}ending-beyond-the-limit of it`;
  const { title, description } = titleOf(long);
  expect(title).toBe(`${'word '.repeat(29).trim()}…`);
  expect(description).toBe(long);
  expect(titleOf('🚨'.repeat(100)).title).toMatch(/^(?:🚨)+…$/u);
});
