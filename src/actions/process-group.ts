import { readdir, readFile } from 'node:fs/promises';

/** An environment variable that every descendant inherits, by which those that left the process group are found. */
export const STRAY_MARK = 'LIFEBOAT_PROCESS_MARK';

/** Signals the whole group; a group that is gone already is fine. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  killPid(-pid, signal);
}

export function killPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

/** Does anybody of the group still run? A zombie that no init collects does not count. */
export async function groupIsAlive(pid: number): Promise<boolean> {
  try {
    process.kill(-pid, 0);
  } catch {
    return false;
  }
  const all = await processIds();
  if (all.length === 0) return true;
  const running = await Promise.all(all.map(async (one) => isRunningIn(await readProc(one, 'stat'), pid)));
  return running.includes(true);
}

/** Reads "pid (name) state ppid pgrp …"; the name may hold spaces and brackets. */
function isRunningIn(stat: Buffer | undefined, group: number): boolean {
  const [state, , pgrp] =
    stat
      ?.toString()
      .replace(/^.*\) /s, '')
      .split(' ') ?? [];
  return Number(pgrp) === group && state !== 'Z' && state !== 'X';
}

/** Process ids of descendants that called setsid, found by their inherited mark; Linux only, elsewhere none. */
export async function findStrays(mark: string): Promise<number[]> {
  const all = await processIds();
  const wanted = Buffer.from(`${STRAY_MARK}=${mark}`);
  const marked = await Promise.all(all.map(async (one) => (await readProc(one, 'environ'))?.includes(wanted) === true));
  return all.filter((_, index) => marked[index]);
}

/** Process ids of what those owners started that are gone by the word of `isGone`; Linux only, elsewhere none. */
export async function findOrphans(isGone: (owner: string) => boolean): Promise<number[]> {
  const all = await processIds();
  const orphaned = await Promise.all(
    all.map(async (one) => {
      const variables = (await readProc(one, 'environ'))?.toString().split('\0') ?? [];
      const mark = variables.find((each) => each.startsWith(`${STRAY_MARK}=`))?.slice(STRAY_MARK.length + 1);
      const owner = mark?.split('#')[0] ?? '';
      return owner !== '' && isGone(owner);
    }),
  );
  return all.filter((_, index) => orphaned[index]);
}

/** The mark of one program; its owner stands before the `#`. */
export const markOf = (owner: string, id: string): string => `${owner}#${id}`;

const processIds = async (): Promise<number[]> => {
  const entries = await readdir('/proc').catch(() => []);
  return entries.filter((name) => /^\d+$/.test(name)).map(Number);
};

const readProc = (pid: number, file: 'stat' | 'environ'): Promise<Buffer | undefined> =>
  readFile(`/proc/${pid}/${file}`).catch(() => undefined);
