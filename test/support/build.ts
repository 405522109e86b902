import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../src/paths.ts';
import { isAlive } from '../../src/sandbox/postgres/process-identity.ts';
import { waitFor } from './wait-for.ts';

const SOURCES = ['src', 'commands', 'jobs', 'templates', 'package.json', 'build.mjs'];
const STAMP = join(ROOT, 'dist/.built');
const LOCK = join(ROOT, 'node_modules/.cache/lifeboat-build.lock');

/** Builds dist/ if a source is younger than it; runs that start at once wait for one build. */
export async function ensureBuilt(): Promise<void> {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
  await waitFor('the build of another run', takeLock, { timeoutMs: 120_000, everyMs: 100 });
  try {
    const newest = Math.max(...SOURCES.map((each) => youngest(join(ROOT, each))));
    if (newest > stamp()) build(newest);
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** Whether a run of vitest with these arguments may start the built program: all of it does, and these two folders. */
export function needsBuild(argv: readonly string[]): boolean {
  const paths = argv.filter((each) => !each.startsWith('-') && /\btest\b|\.test\./.test(each));
  return paths.length === 0 || paths.some((each) => !/\b(unit|contract|flow|architecture|support)\b/.test(each));
}

function build(newest: number): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run build failed:\n${stdout}${stderr}`);
  writeFileSync(STAMP, String(newest));
}

function stamp(): number {
  try {
    return Number(readFileSync(STAMP, 'utf8'));
  } catch {
    return 0;
  }
}

function youngest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => youngest(join(path, name))));
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    writeFileSync(join(LOCK, 'pid'), String(process.pid));
    return true;
  } catch {
    const owner = Number(readFileSync(join(LOCK, 'pid'), 'utf8'));
    if (!isAlive(owner)) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}
