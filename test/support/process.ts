import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { ROOT } from '../../src/runtime/paths.ts';
import { judgeLogs } from './expected-logs.ts';
import { waitFor } from './wait-for.ts';

export interface SpawnedProgram {
  pid: number;
  child: ChildProcess;
  /** Everything printed so far, both streams in the order of arrival. */
  output(): string;
  /** Waits for the first printed line that matches, and returns the match. */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Waits until the URL answers 2xx. */
  http(url: string, timeoutMs?: number): Promise<void>;
  /** Waits for the end; `signal` is set if it was killed. */
  exit(timeoutMs?: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal to the program alone. */
  signal(name: NodeJS.Signals): void;
  /** kill -9 of the program alone: what it started lives on. */
  kill9(): Promise<void>;
  /** kill -9 of the program and everything it started, grandchildren in other sessions included; safe to call twice. */
  killTree(): Promise<void>;
}

export interface SpawnOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  uid?: number;
  gid?: number;
}

/** Starts a Node program, TypeScript or JavaScript, by the path of its file. */
export function spawnProgram(file: string, args: readonly string[] = [], options: SpawnOptions = {}): SpawnedProgram {
  const { env, ...rest } = options;
  const child = spawn(process.execPath, [file.endsWith('.ts') ? bundled(file) : file, ...args], {
    ...rest,
    env: { ...process.env, NODE_ENV: undefined, VITEST: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  judgeLogs(() => text);

  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const waitOrSay = async <T>(what: string, condition: () => T | Promise<T>, timeoutMs: number) => {
    try {
      return await waitFor(what, condition, { timeoutMs });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n--- output of ${file}\n${text}`, { cause: error });
    }
  };
  const exit = async (timeoutMs = 20_000) => {
    await waitOrSay('its end', ended, timeoutMs);
    return { code: child.exitCode, signal: child.signalCode };
  };

  return {
    pid,
    child,
    output: () => text,
    line: (pattern, timeoutMs = 20_000) => {
      const found = () =>
        text.split('\n').reduce<RegExpExecArray | null>((hit, line) => hit ?? pattern.exec(line), null);
      return waitOrSay(`the line ${String(pattern)}`, () => found() ?? (ended() && over()), timeoutMs).then(orThrow);
    },
    http: async (url, timeoutMs = 20_000) => {
      const answers = async () => (ended() ? over() : (await fetch(url)).ok);
      orThrow(await waitOrSay(url, answers, timeoutMs));
    },
    exit,
    signal: (name) => child.kill(name),
    kill9: async () => {
      child.kill('SIGKILL');
      await exit();
    },
    killTree: async () => {
      for (const each of [...descendants(pid), pid]) killQuietly(each);
      await exit();
    },
  };

  function over(): Error {
    return new Error(`${file} ended with ${child.exitCode ?? child.signalCode ?? '?'} before that\n${text}`);
  }
}

const OWN = ['embedded-postgres', 'stand-ins', 'sandbox'];
const bundles = new Map<string, string>();

/** A TypeScript program as one file: a loader that compiles each module anew takes seconds on a busy machine. */
function bundled(file: string): string {
  const known = bundles.get(file);
  if (known !== undefined) return known;
  const outfile = join(ROOT, `node_modules/.cache/lifeboat-tests/${process.pid}-${basename(file, '.ts')}.mjs`);
  buildSync({
    ...{ entryPoints: [file], outfile, bundle: true, packages: 'external', sourcemap: 'inline', logLevel: 'warning' },
    ...{ platform: 'node', target: 'node20', format: 'esm' },
    // Our own packages are sources, which this Node may not load.
    alias: Object.fromEntries(OWN.map((name) => [`@lifeboat/${name}`, join(ROOT, 'packages', name, 'src')])),
    // What stands beside the program is found where it was.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  bundles.set(file, outfile);
  return outfile;
}

/** kill -9 by pid; a process that is gone already is fine. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** The processes that name a folder in their arguments: services and PostgreSQL outlive what started them. */
export function processesOf(folder: string): number[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number(line.trim().split(' ')[0]));
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

// Orphans lose the trace of their parent, so the tree is read before anything is killed.
function descendants(root: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) for (const [pid, its] of rows) if (its === parent && pid !== undefined) found.push(pid);
  return found.slice(1);
}
