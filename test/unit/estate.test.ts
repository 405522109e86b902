import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFile } from '../../src/estate/check.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { formatProblem } from '../../src/estate/problem.ts';
import { jsonSchema } from '../../src/estate/json-schema.ts';
import { estateReference } from '../../src/estate/reference.ts';
import { copySmallEstate, ESTATE, RESTART_API, type EstateCopy } from '../support/estates/copy.ts';

let copy: EstateCopy;
beforeEach(async () => {
  copy = await copySmallEstate();
});
afterEach(() => copy.remove());

describe('a sound estate', () => {
  it('is loaded with durations in milliseconds, defaults filled in and short forms written out', async () => {
    const loaded = await loadEstate(join(copy.folder, ESTATE));
    if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
    const { estate } = loaded;
    expect(estate.severities.P0).toMatchObject({ rto: 3_600_000, update_every: 900_000, escalation: 'critical' });
    expect(estate.sites['west']).toMatchObject({ role: 'standby', recovery_time: 3_600_000 });
    expect(estate.escalation_policies['critical']?.levels.map(({ after }) => after)).toEqual([
      0, 300_000, 900_000, 1_800_000,
    ]);
    expect(estate.services['api']).toMatchObject({
      depends_on: [{ service: 'database', strength: 'strong' }],
      auto_recover: false,
    });
    expect(estate.escalation_policies['quiet']).toMatchObject({ repeat: 0, patience: 15 * 60_000 });
    expect(estate.services['shop-front']?.depends_on[1]).toEqual({ service: 'database', strength: 'weak' });
    expect(Object.keys(estate.runbooks)).toEqual(['restart-api', 'restart-database']);
    const [look, consent, restart, tell] = estate.runbooks['restart-api']!.steps;
    expect(look).toMatchObject({ side_effect: 'none', timeout: 60_000, on_failure: 'pause' });
    expect(look?.retry).toEqual({ max_attempts: 3, interval: 100, backoff_factor: 2, max_interval: 60_000 });
    expect(consent?.with).toEqual({
      approvers: ['incident-commander'],
      min_approvals: 1,
      exclude_requester: true,
      timeout: 600_000,
      on_timeout: 'pause',
      require_comment: false,
    });
    expect(restart).toMatchObject({ side_effect: 'once', probe: { uses: 'noop', with: {}, timeout: 60_000 } });
    expect(tell?.needs).toEqual(['restart']);
  });

  it.each([
    ['{ id: stop, uses: command, with: { run: [echo] } }', 'once'],
    ['{ id: stop, uses: http, with: { url: "http://127.0.0.1/x", method: PUT } }', 'once'],
    ['{ id: stop, uses: http, with: { url: "http://127.0.0.1/x", method: "${{ incident.title }}" } }', undefined],
    ['{ id: stop, uses: http, with: { url: "http://127.0.0.1/x" } }', 'none'],
    ['{ id: stop, uses: tcp, with: { host: 127.0.0.1, port: 80 } }', 'none'],
    [
      '{ id: stop, uses: http, with: { url: "http://127.0.0.1/x", method: PUT }, side_effect: idempotent }',
      'idempotent',
    ],
  ])('takes the careful side effect for %s', async (step, expected) => {
    await copy.spoil('runbooks/restart-database.yaml', '{ id: stop, name: Stop it, uses: noop }', step);
    const loaded = await loadEstate(join(copy.folder, ESTATE));
    expect(loaded.ok ? loaded.estate.runbooks['restart-database']?.steps[0]?.side_effect : undefined).toBe(expected);
  });

  it('keeps its digest when only spaces and comments change, and no other time', async () => {
    const digest = async () => {
      const loaded = await loadEstate(join(copy.folder, ESTATE));
      return loaded.ok ? loaded.digest : 'broken';
    };
    const before = await digest();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    await copy.spoil(ESTATE, 'name: small-shop', '# a comment\nname:   small-shop');
    expect(await digest()).toBe(before);
    await copy.spoil(RESTART_API, 'timeout: 10m', 'timeout: 11m');
    expect(await digest()).not.toBe(before);
  });

  it('reads the sites into the checks of services at once', async () => {
    await copy.spoil(
      ESTATE,
      '    site: east\n',
      '    site: east\n    checks: [{ id: up, uses: http, with: { url: "${{ sites.east.url }}/health" } }]\n',
    );
    const loaded = await loadEstate(join(copy.folder, ESTATE));
    expect(loaded.ok ? loaded.estate.services['api']?.checks : loaded.problems).toEqual([
      {
        id: 'up',
        uses: 'http',
        with: { method: 'GET', url: 'http://127.0.0.1:8081/health' },
        timeout: 10_000,
        every: 10_000,
        failure_limit: 3,
      },
    ]);
  });
});

describe('lifeboat check', () => {
  it('counts what a sound estate holds', async () => {
    const { ok, text } = await checkFile(join(copy.folder, ESTATE));
    expect(ok).toBe(true);
    expect(text.split('\n').at(-1)).toBe(
      `${join(copy.folder, ESTATE)}: in order, with 9 warnings. 2 sites, 3 services, 5 roles, 1 alert, 2 runbooks, 4 people.`,
    );
  });

  it('lists the problems of a broken one', async () => {
    const place = await copy.spoil(ESTATE, 'owner: database', 'owner: ¦databse');
    const { ok, text } = await checkFile(join(copy.folder, ESTATE));
    expect(ok).toBe(false);
    expect(text).toContain(
      `${place}error: unknown role "databse". Known: on-call, secondary, incident-commander, communications, database. Did you mean "database"?\n`,
    );
    expect(text).toMatch(/\n1 error, 9 warnings\.$/);
  });

  it('checks a runbook by itself, and against the estate when one is near', async () => {
    await copy.spoil(RESTART_API, 'approvers: [incident-commander]', 'approvers: [commander]');
    expect(await checkFile(join(copy.folder, RESTART_API))).toMatchObject({
      ok: true,
      text: expect.stringContaining('There is no estate.yaml near it'),
    });
    await cp(join(copy.folder, ESTATE), join(copy.folder, 'estate.yaml'));
    expect(await checkFile(join(copy.folder, RESTART_API))).toMatchObject({
      ok: true,
      text: expect.stringContaining('has problems of its own'),
    });
    await copy.spoil(RESTART_API, 'approvers: [commander]', 'approvers: [incident-commander]');
    expect(await checkFile(join(copy.folder, RESTART_API))).toMatchObject({
      ok: true,
      text: expect.stringContaining('Names were looked up in'),
    });
  });
});

describe('docs/estate.md', () => {
  it('is what the schemas say now', async () => {
    expect(await readFile('docs/estate.md', 'utf8')).toBe(estateReference());
  });

  it('describes every key', () => {
    const rows = estateReference()
      .split('\n')
      .filter((line) => /^\| `\w+` /.test(line));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => /\| +\|$/.test(row))).toEqual([]);
  });

  it('has a JSON Schema for editors beside it', () => {
    expect(jsonSchema('runbook')).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['name', 'description', 'steps']),
    });
  });
});
