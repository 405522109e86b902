import { setTimeout as sleep } from 'node:timers/promises';
import { runningProcesses, signalProcess, type RunningProcess } from './process-table.ts';

/**
 * Those that `seed` names, with their descendants and all of their sessions: a program of ours always leads a session of
 * its own, so what dropped its environment is found by its session, and what left that too by its parent.
 */
export function familyOf(all: RunningProcess[], seed: (process: RunningProcess) => boolean): RunningProcess[] {
  const family = new Map(all.filter(seed).map((each) => [each.pid, each]));
  for (let before = -1; before !== family.size;) {
    before = family.size;
    const sessions = new Set([...family.values()].map((each) => each.session));
    for (const each of all) if (family.has(each.parent) || sessions.has(each.session)) family.set(each.pid, each);
  }
  family.delete(process.pid);
  return [...family.values()];
}

export interface Ending {
  /** Between SIGTERM and SIGKILL, in ms. */
  grace_ms: number;
  /** After SIGKILL, in ms: a program that hangs in the kernel survives even that for a while. */
  patience_ms: number;
}

/**
 * Ends every process of a family, whatever joins it meanwhile, and waits until they are gone. Returns those that could
 * not be ended.
 */
export async function endFamily(
  seed: (process: RunningProcess) => boolean,
  { grace_ms, patience_ms }: Ending,
): Promise<RunningProcess[]> {
  const known = new Map<string, RunningProcess>();
  const asked = new Set<string>();
  const kill = performance.now() + grace_ms;
  let killed: number | undefined; // counted from the first SIGKILL: on a busy machine one look may take longer than the grace
  for (;;) {
    const all = await runningProcesses();
    const alive = new Set(all.map(keyOf));
    // One that was of the family stays so when its parent is gone and init has adopted it.
    for (const each of familyOf(all, (one) => known.has(keyOf(one)) || seed(one))) known.set(keyOf(each), each);
    const left = [...known.values()].filter((each) => alive.has(keyOf(each)));
    const now = performance.now();
    if (left.length === 0 || (killed !== undefined && now > killed + patience_ms)) return left;
    if (now >= kill) killed ??= now;
    for (const each of left) {
      if (now >= kill) signalProcess(each, 'SIGKILL');
      else if (!asked.has(keyOf(each))) signalProcess(each, 'SIGTERM');
      asked.add(keyOf(each));
    }
    await sleep(20);
  }
}

const keyOf = ({ pid, started }: RunningProcess): string => `${pid}/${started}`;
