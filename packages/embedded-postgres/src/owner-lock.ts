import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { isAlive, startMark } from './process-identity.ts';

interface Owner {
  pid: number;
  start: string | undefined;
}

/**
 * Claims the cluster for this process; a second Lifeboat on the same home is refused, because whoever stops first
 * would take the database from the other. Returns the release. A claim whose process is dead is taken over.
 */
export function claimOwnership(base: string): () => void {
  const file = join(base, 'owner.json');
  const mine = JSON.stringify({ pid: process.pid, start: startMark(process.pid) });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (createOnly(file, mine)) return () => release(file, mine);
    const text = readIfThere(file);
    if (text === undefined) continue;
    refuseIfAlive(base, text);
    takeAway(file, text);
  }
  throw new EmbeddedPostgresError(`Several processes are trying to own ${base} at once.`, 'Start one of them again.');
}

function refuseIfAlive(base: string, text: string): void {
  const owner = parse(text);
  if (!owner || !isAlive(owner.pid)) return;
  if (owner.start !== undefined && owner.start !== startMark(owner.pid)) return;
  const who = owner.pid === process.pid ? `this very process (pid ${owner.pid})` : `process ${owner.pid}`;
  throw new EmbeddedPostgresError(
    `The PostgreSQL in ${base} is already in use by ${who}; one home serves one Lifeboat.`,
    `Stop process ${owner.pid}, or give this one its own LIFEBOAT_HOME, or point both at one server with DATABASE_URL.`,
  );
}

// Two processes may find the same dead owner: whoever moves away a claim that is not the dead one puts it back.
function takeAway(file: string, dead: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== dead) ignoreErrors(() => linkSync(aside, file));
  rmSync(aside, { force: true });
}

function release(file: string, mine: string): void {
  if (readIfThere(file) === mine) rmSync(file, { force: true });
}

// Written aside and linked, so that nobody ever reads a claim that is half written.
function createOnly(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function parse(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined;
    const start = 'start' in value && typeof value.start === 'string' ? value.start : undefined;
    return { pid: value.pid, start };
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ignoreErrors(action: () => void): void {
  try {
    action();
  } catch {
    // A newer claim is in place already.
  }
}
