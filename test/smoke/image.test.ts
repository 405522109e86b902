import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ROOT } from '../../src/runtime/paths.ts';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { spawnProgram, type SpawnedProgram } from '../support/process.ts';

expectLogs(OUTAGE);

vi.setConfig({ testTimeout: 60_000 }); // a build and three starts, on a machine that may be busy

/*
 * The files of the Dockerfile's two stages, put together without Docker: what it copies is built where nothing else of
 * the sources is, and what it takes from there runs where there are no packages at all.
 */
let folder = '';
let image = '';
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lifeboat-image-'));
  const [first = [], last = []] = stages();
  const build = join(folder, 'build');
  image = join(folder, 'image');
  copy(first, build);
  linkPackages(build);
  const built = spawnProgram(join(build, 'build.mjs'), [], { cwd: build });
  const { code } = await built.exit();
  expect([code, built.output()]).toEqual([0, '']);
  copy(last, image, build);
  database = await createTestDatabase();
}, 60_000);
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

interface Copy {
  from: string[];
  to: string;
  /** From the stage before. */
  built: boolean;
}

function stages(): Copy[][] {
  const stages = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .split(/^FROM .*$/m)
    .slice(1);
  return stages.map((stage) =>
    [...stage.matchAll(/^COPY (--from=build )?(.+) (\S+)$/gm)].map(([, built, from = '', to = '']) => ({
      from: from.split(' ').map((path) => path.replace(/^\/app\//, '')),
      ...{ to, built: built !== undefined },
    })),
  );
}

function copy(copies: readonly Copy[], into: string, build = ''): void {
  mkdirSync(into, { recursive: true });
  for (const { from, to, built } of copies)
    for (const path of from) {
      const target = to === './' ? join(into, path) : join(into, to);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(built ? build : ROOT, path), target, { recursive: true });
    }
}

/** What `npm ci` does, by links; of our own packages those that are there. */
function linkPackages(build: string): void {
  const packages = join(build, 'node_modules');
  mkdirSync(join(packages, '@lifeboat'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@lifeboat') symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  for (const name of readdirSync(join(build, 'packages')))
    symlinkSync(join(build, 'packages', name), join(packages, '@lifeboat', name));
}

const UNSET = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(SLACK|PAGERDUTY|DATABASE|REDIS|LIFEBOAT)_|^(PORT|LOG_LEVEL|HOST)$/.test(name))
    .map((name) => [name, undefined]),
);

const lifeboat = (args: string[], env: Record<string, string> = {}): SpawnedProgram =>
  spawnProgram(join(image, 'dist/src/cli.js'), args, { env: { ...UNSET, ...env }, cwd: image });

test('the image holds no stand-in, no sandbox and no packages beside the program', () => {
  const maps = readdirSync(join(image, 'dist/src')).filter((name) => name.endsWith('.map'));
  const sources = maps.flatMap((name) => {
    const map: { sources: string[] } = JSON.parse(readFileSync(join(image, 'dist/src', name), 'utf8'));
    return map.sources;
  });
  expect(sources.filter((path) => path.endsWith('src/main.ts'))).toHaveLength(1);
  expect(sources.filter((path) => path.includes('packages/embedded-postgres/'))).not.toEqual([]);
  expect(sources.filter((path) => /packages\/(stand-ins|sandbox)\//.test(path))).toEqual([]);
  expect(['packages', 'node_modules', 'dist/sandbox'].filter((path) => existsSync(join(image, path)))).toEqual([]);
});

test('started without Slack it says what to set, and where the sandbox is', async () => {
  for (const [args, words] of [
    [['start'], ['Slack is not configured', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'in a clone of its sources']],
    [
      ['sandbox', 'start', '--open'],
      ['this installation has no sandbox', 'npm ci && npm start'],
    ],
  ] as const) {
    const program = lifeboat([...args]);
    const { code } = await program.exit();
    expect(code).toBe(2);
    for (const each of words) expect(program.output()).toContain(each);
    expect(program.output()).not.toMatch(/\n {4}at /);
  }
});

test('with a configuration it starts from these files alone', async () => {
  const port = await freePort();
  const program = lifeboat(['start'], {
    ...{ PORT: String(port), HOST: '127.0.0.1', DATABASE_URL: database.url },
    ...{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret', SLACK_API_URL: 'http://127.0.0.1:1/api/' },
  });
  try {
    await program.http(`http://127.0.0.1:${port}/healthz`, 30_000);
  } finally {
    await program.killTree();
  }
});
