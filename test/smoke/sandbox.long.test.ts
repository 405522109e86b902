import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/runtime/config.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { refuseBesideRealOnes } from '@lifeboat/sandbox/run-sandbox';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { processesOf, spawnProgram } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';

vi.setConfig({ testTimeout: 120_000 }); // seven processes start and stop here, on a machine that may be busy

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox(['--speed', '120']);
}, 120_000);
afterAll(() => sandbox.stop());

const dr = (who: string, text: string, channel = '#general') =>
  sandbox.act({ as: who, do: 'command', channel, command: '/dr', text });
const texts = async () => (await sandbox.state()).workspace.messages.map(({ text }) => text);
const until = (what: string, condition: () => Promise<boolean>) => waitFor(what, condition, { timeoutMs: 25_000 });

test('one command gives a workspace, telephones and an estate that works', async () => {
  const { services, surroundings, speed, commands, workspace } = await sandbox.state();
  expect(services).toHaveLength(8);
  expect(sandbox.process().output()).toMatch(
    /^Ready after .* http:\/\/127\.0\.0\.1:\d+, 120 times faster than life\n.*SLACK_BOT_TOKEN/m,
  );
  expect(services.every(({ health, pid }) => health === 'up' && pid !== null)).toBe(true);
  expect(surroundings.map(({ id }) => id)).toEqual(['slack', 'pagerduty', 'bot', 'worker-1', 'worker-2']);
  await until('the second worker', async () =>
    (await sandbox.state()).surroundings.every(({ state }) => state === 'up'),
  );
  expect(speed).toBe(120);
  expect(commands.length).toBeGreaterThan(20);
  expect(workspace.users.map(({ name }) => name)).toContain('ana');
  for (const path of ['healthz', 'readyz', 'metrics', 'status'])
    expect((await fetch(`${sandbox.url}/${path}`)).status).toBe(200);
});

test('declares, rings a telephone, and runs the clocks as fast as was asked', async () => {
  expect(await dr('U01ANA', 'declare P0 The gateway is down service:api-gateway')).toEqual({ ok: true });
  await until('the page', async () => (await sandbox.state()).phones.length > 0);
  // P0 tells everybody each 15 minutes: each 7.5 seconds at this speed.
  await until('an update', async () =>
    (await texts()).some((text) => /^INC-1 P0 The gateway is down: |no change since/.test(text)),
  );
  expect((await sandbox.state()).phones[0]?.assignees).toEqual(['Ana Ito']);
});

test('what happened survives a kill -9 of everything, and goes on', async () => {
  const before = await sandbox.state();
  sandbox.process().signal('SIGKILL');
  await sandbox.process().exit();
  await sandbox.start();
  const after = await sandbox.state();
  const stamps = new Set(after.workspace.messages.map(({ ts }) => ts));
  expect(before.workspace.messages.filter(({ ts }) => !stamps.has(ts))).toEqual([]);
  expect(after.phones.map(({ id }) => id)).toEqual(expect.arrayContaining(before.phones.map(({ id }) => id)));
  const channel = after.workspace.channels.find(({ name }) => name.startsWith('dr-1-'));
  expect(await dr('U01ANA', 'note We are back', channel!.id)).toEqual({ ok: true });
  expect(await dr('U01ANA', 'resolve All is well', channel!.id)).toEqual({ ok: true });
  await until('the page to end', async () =>
    (await sandbox.state()).phones.every(({ status }) => status === 'resolved'),
  );
  const keys = (await sandbox.state()).workspace.messages.map(
    ({ channel, metadata }) => `${channel} ${JSON.stringify(metadata?.event_payload['key'])}`,
  );
  expect(keys.filter((key, index) => !key.endsWith('undefined') && keys.indexOf(key) !== index)).toEqual([]);
});

test('a second one on the same folder is refused, and so is a reset while it runs', async () => {
  for (const args of [['start'], ['sandbox', 'reset']]) {
    const { code, output } = await sandbox.lifeboat(args);
    expect([code, output]).toEqual([2, expect.stringMatching(/a sandbox runs already/) as string]);
  }
});

test('a reset after a kill removes everything and ends what the kill left running, damaged or not', async () => {
  const pids = (await sandbox.state()).services.flatMap(({ pid }) => pid ?? []);
  expect(pids).toHaveLength(8);
  sandbox.process().signal('SIGKILL');
  await sandbox.process().exit();
  writeFileSync(join(sandbox.home, 'sandbox/world.json'), '{"version": 1');
  const { code, output } = await sandbox.lifeboat(['sandbox', 'reset']);
  expect([code, output]).toEqual([0, expect.stringContaining('is removed') as string]);
  expect(existsSync(join(sandbox.home, 'sandbox'))).toBe(false);
  await waitFor(
    'all processes to end',
    () => pids.every((pid) => !isAlive(pid)) && processesOf(sandbox.home).length === 0,
  );
});

test('does not start beside a real installation, whose pages would end in a stand-in', async () => {
  const real: [Record<string, string>, string][] = [
    [{ SLACK_BOT_TOKEN: 'xoxb-real', SLACK_APP_TOKEN: 'xapp-real' }, 'SLACK_*'],
    [{ DATABASE_URL: 'postgres://somebody@db.example.com/real' }, 'DATABASE_URL'],
    [{ PAGERDUTY_ROUTING_KEY: 'real' }, 'PAGERDUTY_*'],
    [{ REDIS_URL: 'redis://redis.example.com:6379' }, 'REDIS_URL'],
  ];
  for (const [env, named] of real) expect(() => refuseBesideRealOnes(readConfig(env))).toThrow(`${named} is set`);
  const env = { DATABASE_URL: 'postgres://somebody@db.example.com/real', LIFEBOAT_HOME: sandbox.home };
  const program = spawnProgram(join(ROOT, 'packages/sandbox/dist/cli.js'), ['start'], { env, cwd: ROOT });
  expect((await program.exit()).code).toBe(2);
  expect(program.output()).toContain('DATABASE_URL is set');
});

test('a speed other than that of life is refused beside a real Slack', () => {
  const real = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', LIFEBOAT_SPEED: '60' };
  expect(() => readConfig(real)).toThrow(/LIFEBOAT_SPEED is for the sandbox/);
  expect(() => readConfig({ LIFEBOAT_SPEED: '0.5' })).toThrow(/LIFEBOAT_SPEED/);
  expect(readConfig({ ...real, SLACK_API_URL: 'http://127.0.0.1:1/api/' }).speed).toBe(60);
});
