import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../src/runtime/paths.ts';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { spawnProgram } from '../support/process.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

const CLI = join(ROOT, 'dist/src/cli.js');
const UNSET = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(SLACK|PAGERDUTY|DATABASE|REDIS|LIFEBOAT)_|^(PORT|LOG_LEVEL|HOST)$/.test(name))
    .map((name) => [name, undefined]),
);
const folder = mkdtempSync(join(tmpdir(), 'lifeboat-first-'));
let service: Server;
let answers = 0;
let program: Program;
beforeAll(async () => {
  service = createServer((_, response) => {
    answers += 1;
    response.end('fine');
  }).listen(0, '127.0.0.1');
  await waitFor('the service', () => service.listening);
  const address = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
  execFileSync(process.execPath, [CLI, 'init', folder], {
    input: ['shop', 'Ana Ito', 'U01ANA', 'web', address, ''].join('\n'),
    env: { ...process.env, ...UNSET },
  });
  program = await startProgram({ estate: join(folder, 'estate.yaml') });
});
afterAll(async () => {
  await program.stop();
  await new Promise((resolve) => service.close(resolve));
  rmSync(folder, { recursive: true });
});

const lifeboat = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...UNSET, ...env },
    encoding: 'utf8',
    cwd: ROOT,
  });

test('what init wrote passes the check and protects the service: its runbook brings it back', async () => {
  expect(lifeboat(['check', join(folder, 'estate.yaml')])).toMatchObject({ status: 0, stderr: '' });
  await program.declare('P1 The shop is down');
  await program.world.pager.waitFor(({ summary }) => summary.includes('The shop is down'));
  expect((await program.dr('ana', 'recover web anyway INC-1')).text).toMatch(/^Looking at web/);
  const task = await program.world.workspace.waitFor({ text: /Start web again, then press Done/ }, { timeout: 20_000 });
  await program.world.workspace.user('ana').press(task, 'Done');
  await waitFor('the run to end', async () => {
    const [run] = await program.rows<{ state: string }>(`select state from run`);
    return run?.state === 'succeeded';
  });
  expect(answers).toBeGreaterThan(1);
});

test('doctor says of the running installation what is wrong, with the exit codes of check', async () => {
  const { slack, pagerduty } = program.world;
  const env = {
    ...{ LIFEBOAT_ESTATE: join(folder, 'estate.yaml'), DATABASE_URL: program.databaseUrl },
    ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: 'x', SLACK_API_URL: slack.url },
    ...{ PAGERDUTY_ROUTING_KEY: pagerduty.routingKeys[0] ?? '', PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl },
  };
  // The stand-ins answer in this process, so it may not wait for the doctor's.
  const look = async (more: Record<string, string> = {}) => {
    const child = spawnProgram(CLI, ['doctor'], { env: { ...UNSET, ...env, ...more }, cwd: ROOT });
    return { ...(await child.exit()), output: child.output() };
  };
  const well = await look();
  expect(well.output).toMatch(/^ok {9}bot: 1 connected$[\s\S]*^ok {9}worker: 1 connected$[\s\S]*^Nothing is wrong\.$/m);
  expect(well.code).toBe(0);
  const ill = await look({ SLACK_BOT_TOKEN: 'xoxb-other' });
  expect(ill.output).toMatch(/^wrong {6}SLACK_BOT_TOKEN: invalid_auth/m);
  expect(ill.code).toBe(1);
});

test('schema prints what the examples name, and refuses a kind that there is not', () => {
  const { stdout, status } = lifeboat(['schema', 'runbook']);
  expect([status, stdout]).toEqual([0, readFileSync(join(ROOT, 'docs/schema/runbook.json'), 'utf8')]);
  expect(lifeboat(['schema', 'drill'])).toMatchObject({ status: 2, stdout: '' });
});

test('check ends with 1 for errors, and for warnings with --strict alone', () => {
  const check = (...args: string[]) => lifeboat(['check', ...args]).status;
  const small = join(ROOT, 'test/support/estates/small.yaml');
  expect([check(small), check('--strict', small), check(join(ROOT, 'README.md'))]).toEqual([0, 1, 1]);
});

test('while Slack is away at the start it says so once and what to check, and "started" when Slack is there', async () => {
  const { workspace } = program.world;
  program.process().signal('SIGTERM');
  await program.process().exit();
  workspace.outage(true);
  const { slack } = program.world;
  const again = spawnProgram(CLI, ['start'], {
    env: {
      ...UNSET,
      ...{ PORT: '0', LIFEBOAT_PRIVATE_PORT: '0', HOST: '127.0.0.1', DATABASE_URL: program.databaseUrl },
      LIFEBOAT_ESTATE: join(folder, 'estate.yaml'),
      ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url },
    },
    cwd: ROOT,
  });
  try {
    await again.line(/"msg":"lifeboat waits for slack"/);
    const complaints = () =>
      again
        .output()
        .split('\n')
        .filter((line) => /"level":"(warn|error)"/.test(line));
    expect(complaints().map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['lifeboat waits for slack']);
    expect(complaints()[0]).toMatch(/"check":"the way to SLACK_API_URL .*lifeboat doctor/);
    expect(again.output()).not.toContain('lifeboat started');
    workspace.outage(false);
    await again.line(/"msg":"lifeboat started"/);
  } finally {
    workspace.outage(false);
    await again.killTree();
  }
});
