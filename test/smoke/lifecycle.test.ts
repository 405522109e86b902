import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/runtime/config.ts';
import { createLog } from '../../src/runtime/log.ts';
import { startLifeboat } from '../../src/main.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { spawnProgram } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

const HOLD = `description: Holds for ever.
steps:
  - { id: hold, name: Hold, uses: command, with: { run: [node, -e, 'process.title = "lifeboat-held-step"; setInterval(() => 0, 1000)'] } }
`;
let program: Program;
beforeAll(async () => {
  program = await startProgram({ runbooks: { hold: HOLD } });
});
afterAll(() => program.stop());

const CLI = join(ROOT, 'dist/src/cli.js');
const UNSET = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(SLACK|PAGERDUTY|DATABASE|REDIS|LIFEBOAT)_|^(PORT|LOG_LEVEL|HOST)$/.test(name))
    .map((name) => [name, undefined]),
);

test('says that it lives, that it is ready, and counts what it does', async () => {
  const get = async (page: string) => fetch(`${program.world.privateUrl}/${page}`);
  expect((await get('healthz')).status).toBe(200);
  expect(await (await get('readyz')).text()).toBe('ready\n');
  await program.declare('P3 For the metrics');
  await program.idle();
  const metrics = await (await get('metrics')).text();
  expect(metrics).toMatch(/^lifeboat_incidents_open 1$/m);
  expect(metrics).toMatch(/^lifeboat_effect_seconds_count\{kind="card\.post",outcome="done"\} [1-9]/m);
  expect(metrics).toMatch(/^lifeboat_command_seconds_count\{verb="declare",ok="true"\} 1$/m);
  expect(metrics).toMatch(/^process_resident_memory_bytes \d/m);
});

test('is not ready while its database is away, but lives', async () => {
  const name = new URL(program.databaseUrl).pathname.slice(1);
  const admin = new URL(program.databaseUrl);
  admin.pathname = '/postgres';
  const { sql } = await import('../support/time.ts');
  await sql(admin.href, `alter database ${name} allow_connections false`);
  await sql(admin.href, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  const ready = () => fetch(`${program.world.privateUrl}/readyz`);
  await waitFor('not to be ready', async () => (await ready()).status === 503);
  expect(await (await ready()).text()).toMatch(/^not ready: the database does not answer/);
  expect((await fetch(`${program.world.url}/healthz`)).status).toBe(200);
  const refused = (await program.dr('ana', 'note x INC-1')).text;
  expect(refused).toMatch(/database does not answer|Something went wrong/);
  expect(refused).not.toContain(program.databaseUrl);
  await sql(admin.href, `alter database ${name} allow_connections true`);
  await waitFor('to be ready', async () => (await ready()).ok);
  expect((await program.dr('ana', 'note y INC-1')).text).toMatch(/^Noted/);
});

test('stops cleanly on SIGTERM and SIGINT, and ends the commands that its steps run', async () => {
  const held = (): string[] =>
    execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.startsWith('lifeboat-held-step'));
  expect((await program.dr('ana', 'run hold INC-1')).text).toMatch(/has begun/);
  await waitFor('the command to run', () => held().length === 1);
  program.process().signal('SIGTERM');
  expect(await program.process().exit()).toEqual({ code: 0, signal: null });
  expect(held()).toEqual([]);
  expect(program.process().output()).toContain('lifeboat stopped');
  await program.start();
  await program.dr('ana', 'abort INC-1 Enough');
  await waitFor(
    'the abort',
    async () => (await program.rows(`select 1 from run where state = 'aborted'`)).length === 1,
  );
  program.process().signal('SIGINT');
  expect(await program.process().exit()).toEqual({ code: 0, signal: null });
});

test('starts and stops twice in one process, and leaves nothing open', async () => {
  const { slack, pagerduty } = program.world;
  const config = readConfig({
    ...{
      PORT: '0',
      LIFEBOAT_PRIVATE_PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: program.databaseUrl,
      LOG_LEVEL: 'fatal',
    },
    ...{ LIFEBOAT_ESTATE: join(program.estate.folder, 'small.yaml') },
    ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url },
    ...{ PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl, PAGERDUTY_API_URL: pagerduty.apiUrl },
  });
  for (const _time of [1, 2]) {
    const lifeboat = await startLifeboat(config, { bot: true, worker: true }, createLog({ level: 'fatal' }));
    await waitFor('to be ready', async () => (await fetch(`http://127.0.0.1:${lifeboat.privatePort}/readyz`)).ok);
    await lifeboat.stop();
    await expect(fetch(`http://127.0.0.1:${lifeboat.port}/healthz`)).rejects.toThrow();
    await waitFor('the sockets to be closed', () => slack.workspace.sockets.size === 0);
    await waitFor('the connections to be closed', async () => {
      const left = await program.rows(
        `select application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      return left.length === 0;
    });
  }
});

test('a worker of a site that the estate does not have says which there are', async () => {
  const named = { LIFEBOAT_ESTATE: 'examples/erlmcp/estate.yaml', LIFEBOAT_SITE: 'us-east-11' };
  const env = { ...UNSET, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none', ...named };
  const lost = spawnProgram(CLI, ['worker'], { env, cwd: ROOT });
  expect((await lost.exit()).code).toBe(2);
  expect(lost.output()).toMatch(/no site `us-east-11`\n.*us-east-1, us-west-1/);
});

test('a bot without Slack says what to set, and where the sandbox is', async () => {
  const lonely = spawnProgram(CLI, ['bot'], { env: UNSET, cwd: ROOT });
  expect((await lonely.exit()).code).toBe(2);
  for (const words of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'sandbox'])
    expect(lonely.output()).toContain(words);
  expect(lonely.output()).not.toMatch(/\n {4}at /);
});

test('with real tokens and no estate of yours it does not start: the people of the example would be paged', async () => {
  const key = { PAGERDUTY_ROUTING_KEY_DATABASE: 'a'.repeat(32), DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
  const env = { ...UNSET, ...key, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
  const start = spawnProgram(CLI, ['start'], { env, cwd: ROOT });
  const worker = spawnProgram(CLI, ['worker'], { env: { ...UNSET, DATABASE_URL: env.DATABASE_URL }, cwd: ROOT });
  expect([(await start.exit()).code, (await worker.exit()).code]).toEqual([2, 2]);
  expect(start.output()).toMatch(
    /LIFEBOAT_ESTATE is not set beside SLACK_BOT_TOKEN, PAGERDUTY_ROUTING_KEY_DATABASE: the people of the example/,
  );
  expect(worker.output()).toMatch(/LIFEBOAT_ESTATE is not set\nfix: set LIFEBOAT_ESTATE/);
});

test('lists every problem of its configuration at once, and prints no secret', async () => {
  const env = {
    ...UNSET,
    ...{ PORT: 'eighty', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://root:hunter2@host/db', REDIS_URL: 'http://x' },
    ...{ SLACK_BOT_TOKEN: 'xoxp-not-a-bot', SLACK_API_URL: 'nowhere', PAGERDUTY_FROM: 'nobody' },
  };
  const wrong = spawnProgram(CLI, ['start'], { env, cwd: ROOT });
  expect((await wrong.exit()).code).toBe(2);
  for (const name of [
    'PORT',
    'LOG_LEVEL',
    'DATABASE_URL',
    'REDIS_URL',
    'SLACK_BOT_TOKEN',
    'SLACK_API_URL',
    'PAGERDUTY_FROM',
  ])
    expect(wrong.output(), name).toContain(`- ${name} `);
  for (const secret of ['hunter2', 'xoxp-not-a-bot']) expect(wrong.output()).not.toContain(secret);
});

test('refuses a broken estate and a taken port with the reason', async () => {
  const { slack } = program.world;
  const env = {
    ...UNSET,
    DATABASE_URL: program.databaseUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: 'x',
  };
  const estate = spawnProgram(CLI, ['start'], { env: { ...env, LIFEBOAT_ESTATE: '/nowhere/estate.yaml' }, cwd: ROOT });
  expect((await estate.exit()).code).toBe(2);
  expect(estate.output()).toMatch(/the estate is refused[\s\S]*\/nowhere\/estate\.yaml/);
  const port = new URL(slack.url).port;
  const file = join(program.estate.folder, 'small.yaml');
  const taken = spawnProgram(CLI, ['start'], {
    env: { ...env, LIFEBOAT_ESTATE: file, PORT: port, HOST: '127.0.0.1', SLACK_API_URL: slack.url },
    cwd: ROOT,
  });
  expect((await taken.exit()).code).toBe(2);
  expect(taken.output()).toMatch(new RegExp(`port ${port} is taken by another program[\\s\\S]*set PORT`));
});
