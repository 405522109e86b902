import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../src/runtime/paths.ts';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { waitFor } from './wait-for.ts';

const LOCK = join(ROOT, 'node_modules/.cache/lifeboat-build.lock');

/** Builds dist/ if a source changed since it was; runs that start at once wait for one build. */
export async function ensureBuilt(): Promise<void> {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
  await waitFor('the build of another run', takeLock, { timeoutMs: 120_000, everyMs: 100 });
  try {
    build();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** Whether a run of vitest with these arguments may start the built program: all of it does, and these two folders. */
export function needsBuild(argv: readonly string[]): boolean {
  const paths = argv.filter((each) => !each.startsWith('-') && /\btest\b|\.test\./.test(each));
  return paths.length === 0 || paths.some((each) => !/\b(unit|contract|flow|architecture|support)\b/.test(each));
}

function build(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['build.mjs'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
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
