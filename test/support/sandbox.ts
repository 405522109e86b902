import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../src/runtime/paths.ts';
import type { Gesture, GestureAnswer, Snapshot } from '@lifeboat/sandbox/page/protocol';
import { copyExample } from './estates/copy-example.ts';
import { freePort } from './free-port.ts';
import { killQuietly, processesOf, spawnProgram, type SpawnedProgram } from './process.ts';
import { waitFor } from './wait-for.ts';

export interface TestSandbox {
  url: string;
  home: string;
  process(): SpawnedProgram;
  /** Starts it again on the same folder and port. */
  start(): Promise<void>;
  state(): Promise<Snapshot>;
  act(gesture: Gesture): Promise<GestureAnswer>;
  /** Runs `lifeboat` with the sandbox's environment to its end. */
  lifeboat(args: string[]): Promise<{ code: number | null; output: string }>;
  stop(): Promise<void>;
}

const CLI = join(ROOT, 'packages/sandbox/dist/cli.js');

/** The sandbox as a new user starts it, in a folder of its own and with ports of its own. */
export async function startTestSandbox(args: string[] = []): Promise<TestSandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-sandbox-'));
  if (process.getuid?.() === 0) chmodSync(folder, 0o711); // PostgreSQL's user must pass
  const estate = await copyExample(folder);
  const port = await freePort();
  const [home, url] = [join(folder, 'home'), `http://127.0.0.1:${port}`];
  const env = { ...UNSET, LIFEBOAT_HOME: home, LIFEBOAT_ESTATE: estate, PORT: String(port) };
  const spawn = (words: string[]): SpawnedProgram => spawnProgram(CLI, words, { env, cwd: ROOT });
  const started: SpawnedProgram[] = [];
  const sandbox: TestSandbox = {
    ...{ url, home },
    process: () => started.at(-1)!,
    async start() {
      const program = spawn(['start', ...args]);
      started.push(program);
      await program.line(/^Ready after/, 60_000);
    },
    state: async () => (await fetch(`${url}/api/state`)).json() as Promise<Snapshot>,
    act: async (gesture) => {
      const headers = { 'content-type': 'application/json', origin: url };
      const answer = await fetch(`${url}/api/act`, { method: 'POST', headers, body: JSON.stringify(gesture) });
      return (await answer.json()) as GestureAnswer;
    },
    async lifeboat(words) {
      const program = spawn(words);
      const { code } = await program.exit();
      return { code, output: program.output() };
    },
    async stop() {
      const last = started.at(-1);
      if (last && last.child.exitCode === null && last.child.signalCode === null) {
        last.signal('SIGTERM');
        await last.exit(30_000).catch(() => last.killTree());
      }
      for (const pid of processesOf(folder)) killQuietly(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await sandbox.start();
    await waitFor('all services', async () => (await sandbox.state()).services.every(({ health }) => health === 'up'), {
      timeoutMs: 60_000,
    });
    return sandbox;
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** The environment of the tests must not make this a real installation. */
const UNSET = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(SLACK|PAGERDUTY|DATABASE|REDIS|LIFEBOAT|ERLMCP)_|^(PORT|LOG_LEVEL|HOST)$/.test(name))
    .map((name): [string, undefined] => [name, undefined]),
);
