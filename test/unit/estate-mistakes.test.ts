import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySmallEstate, ESTATE, RESTART_API, type EstateCopy } from '../support/estates/copy.ts';

let copy: EstateCopy;
beforeEach(async () => {
  copy = await copySmallEstate();
});
afterEach(() => copy.remove());

describe('what is not in quotes', () => {
  it.each<[string, string, string, string, string]>([
    ['an expression in braces', RESTART_API, "'${{ inputs.site }}'", '¦${{ inputs.site }}', '${{ inputs.site }}'],
    ['a channel in braces', ESTATE, "slack: '#leadership'", 'slack: ¦#leadership', '#leadership'],
    ['a channel alone', ESTATE, '{ slack: incident-channel }', '\n    slack: ¦#ops', '#ops'],
    [
      'an expression with more text',
      ESTATE,
      '    site: east\n',
      '    site: east\n    checks: [{ id: up, uses: http, with: { url: ¦${{ sites.east.url }}/health } }]\n',
      '${{ sites.east.url }}',
    ],
  ])('%s is one error that says so', async (_, file, from, to, what) => {
    const place = await copy.spoil(file, from, to);
    const problems = await copy.problems();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${place}error: ${what} is not in quotes.`);
    expect(problems[0]).toContain('Put it in quotes: ');
  });

  it('is told apart from what else is wrong in the file, each once', async () => {
    await copy.spoil(ESTATE, "slack: '#leadership'", 'slack: #leadership');
    await copy.spoil(ESTATE, 'drills: ', 'name: again\ndrills: ');
    const problems = await copy.problems();
    expect(problems.map((problem) => problem.replace(/^.*error: /, ''))).toEqual([
      expect.stringContaining('#leadership is not in quotes'),
      expect.stringContaining('Map keys must be unique'),
    ]);
  });

  it('is not made of comments, and of expressions where they need no quotes', async () => {
    await copy.spoil(ESTATE, 'backups: []', 'backups: [] #none\n#ops\n# ${{ sites.east.url }}');
    await copy.spoil(RESTART_API, 'description: Restart', 'description: Restart #soon');
    expect(await copy.problems()).toEqual([]);
  });
});

describe('a file that is none of ours', () => {
  it.each([
    [
      'a Backstage catalog file',
      'c.yaml',
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: x }\n',
    ],
    ['a Kubernetes manifest', 'k.yaml', 'apiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Pod\n'],
    ['a file of Prometheus rules', 'p.yaml', 'groups:\n  - name: g\n    rules: [{ alert: A, expr: up == 0 }]\n'],
    ['the configuration of Alertmanager', 'a.yaml', 'route: { receiver: x }\nreceivers: [{ name: x }]\n'],
    ['a Compose file', 'd.yaml', 'services:\n  web: { image: nginx }\n'],
    ['a GitHub workflow', 'w.yaml', 'on: push\njobs: { test: { runs-on: ubuntu-latest } }\n'],
    ['an Ansible playbook', 'b.yaml', '- hosts: all\n  tasks: []\n'],
    ['Markdown', 'README.md', '# Runbook\n\nNote: first look at the dashboard: it says more.\n'],
    ['Markdown', 'notes.yaml', '# Runbook\n\nFirst look at the dashboard.\n'],
  ])('is called %s in one error', async (kind, file, text) => {
    await writeFile(join(copy.folder, file), text);
    expect(await copy.problems(file)).toEqual([
      expect.stringMatching(new RegExp(`:1:1: error: this seems to be ${kind}\\. .*\`lifeboat init\``)),
    ]);
  });

  it('also among the runbooks of an estate', async () => {
    await writeFile(join(copy.folder, 'runbooks/deploy.yaml'), 'apiVersion: apps/v1\nkind: Deployment\n');
    expect(await copy.problems()).toEqual([expect.stringContaining('seems to be a Kubernetes manifest')]);
  });

  it('is never an estate that has something in common with one', async () => {
    await copy.spoil(ESTATE, 'name: small-shop', 'apiVersion: v1\nkind: Estate\nname: small-shop');
    expect((await copy.problems()).join('\n')).not.toContain('seems to be');
  });
});

describe('a channel that Slack cannot have', () => {
  it.each([
    ['#Leadership', 'did you mean "#leadership"?'],
    ['#leader ship', 'did you mean "#leader-ship"?'],
    ['leadership', 'did you mean "#leadership"?'],
    [`#${'a'.repeat(81)}`, `did you mean "#${'a'.repeat(70)}`],
    ['#ops.team', 'did you mean "#ops-team"?'],
    ['incident_channel', 'did you mean "incident-channel"?'],
    ['#', 'A channel is "#name"'],
  ])('%s is refused with one that it can', async (channel, fix) => {
    await copy.spoil(ESTATE, "slack: '#leadership'", `slack: '${channel}'`);
    const problems = await copy.problems();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.toLowerCase()).toContain(fix.toLowerCase());
  });

  it.each(['#leadership', '#1-on_call', '#störung', '#障害', 'C0123ABCD', `#${'a'.repeat(80)}`])(
    '%s is taken',
    async (channel) => {
      await copy.spoil(ESTATE, "slack: '#leadership'", `slack: '${channel}'`);
      expect(await copy.problems()).toEqual([]);
    },
  );

  it('is refused in a runbook too', async () => {
    await copy.spoil(RESTART_API, 'audience: responders', "channel: '#Ops'");
    expect((await copy.problems()).join('\n')).toContain('Did you mean "#ops"?');
  });
});
