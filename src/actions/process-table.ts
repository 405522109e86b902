import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { MARK_VARIABLE, markOfGroup, parseMark, type ProcessMark } from './process-mark.ts';

/** A running process as /proc shows it; a pid and its start time together name one process for ever. */
export interface RunningProcess {
  pid: number;
  name: string;
  parent: number;
  session: number;
  /** Clock ticks since the system began. */
  started: string;
  mark: ProcessMark | null;
}

/** Every process that can be seen and is no zombie; Linux only, elsewhere none. */
export async function runningProcesses(): Promise<RunningProcess[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(read))).filter((each) => each !== null);
}

async function read(pid: number): Promise<RunningProcess | null> {
  const [stat, environment, groups] = await Promise.all(
    ['stat', 'environ', 'cgroup'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  const fields = parseStat(stat ?? '');
  if (fields === null) return null;
  const variable = environment?.split('\0').find((each) => each.startsWith(`${MARK_VARIABLE}=`));
  const mark = variable === undefined ? null : parseMark(variable.slice(MARK_VARIABLE.length + 1));
  return { pid, ...fields, mark: mark ?? markOfGroup(groups ?? '') };
}

/** Reads "pid (name) state ppid pgrp session …"; the name may hold spaces and brackets. A zombie is none that runs. */
function parseStat(stat: string): Omit<RunningProcess, 'pid' | 'mark'> | null {
  const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
  const [state, parent, , session, ...others] = rest?.split(' ') ?? [];
  const started = others[15];
  if (name === undefined || started === undefined || state === 'Z' || state === 'X') return null;
  return { name, parent: Number(parent), session: Number(session), started };
}

/** Signals exactly this process: never another one that was given its pid since. */
export function signalProcess({ pid, started }: RunningProcess, signal: NodeJS.Signals): void {
  try {
    if (parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.started === started) process.kill(pid, signal);
  } catch {
    // It is gone, or it belongs to somebody else; whoever waits for its end sees which.
  }
}

/** For people: `pid 77 (pg_ctl)`. */
export const describeProcess = ({ pid, name }: Pick<RunningProcess, 'pid' | 'name'>): string => `pid ${pid} (${name})`;
