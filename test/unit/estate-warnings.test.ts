import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFile } from '../../src/estate/check.ts';
import { INERT } from '../../src/estate/inert.ts';
import { loadEstate } from '../../src/estate/load.ts';
import type { Means } from '../../src/estate/means.ts';
import { formatProblem } from '../../src/estate/problem.ts';
import { jsonSchema } from '../../src/estate/json-schema.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { copySmallEstate, ESTATE, RESTART_API, type EstateCopy } from '../support/estates/copy.ts';
import { ACTED_ON, READ_BY_EXPRESSIONS } from '../support/estates/acted-on.ts';

let copy: EstateCopy;
beforeEach(async () => {
  copy = await copySmallEstate();
});
afterEach(() => copy.remove());

const NONE: Means = { pagerduty: { routingKey: undefined, routingKeys: {}, apiToken: undefined } };
const check = (options = {}) => checkFile(join(copy.folder, ESTATE), options);
const warnings = async (means?: Means): Promise<string[]> => {
  const loaded = await loadEstate(join(copy.folder, ESTATE), undefined, means);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.warnings.map(formatProblem);
};

describe('warnings', () => {
  it('let an estate be used, and fail the check only with --strict', async () => {
    expect(await check()).toMatchObject({ ok: true });
    const { ok, text } = await check({ strict: true });
    expect(ok).toBe(false);
    expect(text).toMatch(/\n9 warnings\. --strict takes warnings for errors\.$/);
  });

  it('name each kind of key that nothing acts on once, with its first place and how many more there are', async () => {
    const found = await warnings();
    const about = (key: string) => found.filter((line) => line.includes(`${key}: nothing acts on this yet`));
    expect(about('audiences.management.email')).toEqual([
      expect.stringMatching(
        /:\d+:\d+: warning: .*\(and 1 more like it\)\. No mail is sent\. Tell these people yourself/,
      ),
    ]);
    for (const key of ['severities.P0.rpo', 'severities.P0.respond_within', 'audiences.customers.status_page'])
      expect(about(key), key).toHaveLength(1);
    await copy.spoil(
      'runbooks/restart-database.yaml',
      'steps:\n',
      'inputs: { why: { type: string, default: x, description: y } }\nsteps:\n',
    );
    expect((await warnings()).filter((line) => line.includes('.description: nothing acts'))).toEqual([
      expect.stringContaining('(and 1 more like it)'),
    ]);
    for (const key of ['audiences.customers.consent', 'services.api.on_failure', 'alerts', 'drills'])
      expect(about(key), key).toHaveLength(1);
  });

  it('say nothing of a key that promises nothing', async () => {
    expect((await warnings()).join('\n')).not.toContain('backups');
    await copy.spoil(ESTATE, 'status_page: true', 'status_page: false');
    expect((await warnings()).join('\n')).not.toContain('status_page');
  });

  it('are given for a runbook by itself too', async () => {
    const { ok, text } = await checkFile(join(copy.folder, RESTART_API));
    expect(ok).toBe(true);
    expect(text).toMatch(/warning: inputs\.site\.description: nothing acts on this yet\./);
  });
});

describe('every key of the schemas', () => {
  it.each(['estate', 'runbook'] as const)('of an %s is acted on by a file that names it, or warned about', (kind) => {
    const keys = [...new Set(keysOf(jsonSchema(kind)).map((key) => key.replace(/\.P[0-3]\b/, '.*')))];
    expect(keys.length).toBeGreaterThan(20);
    const facts = kind === 'estate' ? READ_BY_EXPRESSIONS : [];
    const known = [...Object.keys(INERT[kind]), ...Object.keys(ACTED_ON[kind]), ...facts];
    const covers = (one: string, key: string): boolean => key === one || key.startsWith(`${one}.`);
    expect(keys.filter((key) => !known.some((one) => covers(one, key)))).toEqual([]);
    expect(known.filter((one) => !keys.some((key) => covers(one, key)))).toEqual([]);
    expect(known.length).toBe(new Set(known).size);
    for (const [key, file] of Object.entries(ACTED_ON[kind]))
      expect(readFileSync(join(ROOT, file), 'utf8'), `${key} in ${file}`).toMatch(
        new RegExp(`\\b${key.split('.').at(-1)}\\b`),
      );
  });

  it('that is warned about is read by nothing: take it out of INERT when something acts on it', () => {
    const sources = ['src', 'commands', 'jobs', 'templates'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file}`)
        .filter((file) => /\.(ts|liquid)$/.test(file) && !IGNORED.test(file)),
    );
    const texts = sources.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')] as const);
    const used = TELLING.flatMap((word) =>
      texts
        .filter(([, text]) => new RegExp(`\\.${word}\\b|\\b${word} [,}]`).test(text))
        .map(([file]) => `${word}: ${file}`),
    );
    expect(used).toEqual([]);
  });
});

/** Where a key stands without anything being done by it. */
const IGNORED = /^src\/estate\/|estate\/(model|scale-durations)\.ts$/;
/** Last words of inert keys that mean nothing else elsewhere. */
const TELLING = ['respond_within', 'status_page', 'recovery_order', 'recovery_time', 'auto_recover', 'failure_limit'];

describe('what this environment has no key for', () => {
  it('is warned about, and not once the key is there', async () => {
    const found = (await warnings(NONE)).join('\n');
    expect(found).toMatch(/warning: the schedule of on-call cannot be read here: PAGERDUTY_API_TOKEN is not set\./);
    expect(found).toMatch(/warning: nobody can be paged for on-call, .*: PAGERDUTY_ROUTING_KEY is not set here\./);
    const own = { 'on-call': 'a', secondary: 'b', database: 'c', 'incident-commander': 'd' };
    const set = { pagerduty: { routingKey: 'k', routingKeys: own, apiToken: 't' } };
    expect((await warnings(set)).join('\n')).not.toContain('PAGERDUTY');
  });

  it('names only the roles that have no routing key of their own', async () => {
    const keys = { 'on-call': 'a', secondary: 'b', database: 'c' };
    const found = await warnings({ pagerduty: { ...NONE.pagerduty, routingKeys: keys } });
    expect(found.join('\n')).toMatch(/nobody can be paged for incident-commander: PAGERDUTY_ROUTING_KEY/);
  });
});

describe('a secret of a runbook', () => {
  it('that is not set here is warned about, all of them in one line', async () => {
    const run = "'${{ inputs.site }}', '${{ secrets.TOKEN }}${{ secrets.KEY }}'";
    await copy.spoil(RESTART_API, "'${{ inputs.site }}'", run);
    const missing = (await warnings({ ...NONE, hasSecret: () => false })).filter((line) => line.includes('secrets.'));
    expect(missing).toEqual([
      expect.stringMatching(/:\d+:\d+: warning: steps need secrets\.KEY, secrets\.TOKEN, which are/),
    ]);
    expect((await warnings({ ...NONE, hasSecret: () => true })).join('\n')).not.toContain('secrets.');
  });
});

interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
  additionalProperties?: Shape | boolean;
}

/** The paths of all keys, with `*` for names and places in lists. */
function keysOf(shape: Shape, path: string[] = []): string[] {
  const inner = Object.entries(shape.properties ?? {});
  const any = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : shape.items;
  const deeper = [
    ...inner.flatMap(([key, value]) => keysOf(value, [...path, key])),
    ...(any === undefined ? [] : keysOf(any, [...path, '*'])),
    ...(shape.anyOf ?? []).flatMap((one) => keysOf(one, path)).filter((key) => key !== path.join('.')),
  ];
  const named = path.length > 0 && path.at(-1) !== '*';
  if (deeper.length > 0) return deeper;
  return named ? [path.join('.')] : [];
}
