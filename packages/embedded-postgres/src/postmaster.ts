import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Base } from './locate-base.ts';
import { isAlive, workingDirectory } from './process-identity.ts';
import { runCommand } from './run-command.ts';

export interface Postmaster {
  pid: number;
  port: number;
}

export type Found = { kind: 'none' } | { kind: 'live'; postmaster: Postmaster } | { kind: 'leftovers'; pids: number[] };

/** Reads postmaster.pid and says whether the server of this data folder still runs; removes a file that lies. */
export async function findPostmaster(base: Base): Promise<Found> {
  const postmaster = readPidFile(base.data);
  // Elsewhere than on Linux the connection test decides whether the pid is the server's.
  if (process.platform !== 'linux') {
    return postmaster && isAlive(postmaster.pid) ? { kind: 'live', postmaster } : { kind: 'none' };
  }
  const pids = await processesIn(base);
  if (postmaster && pids.includes(postmaster.pid)) return { kind: 'live', postmaster };
  // Back ends outlive a killed postmaster for a moment; a second server beside them would ruin the data.
  if (pids.length > 0) return { kind: 'leftovers', pids };
  // PostgreSQL itself would refuse to start if the pid now belongs to a zombie or to a stranger.
  if (postmaster) rmSync(join(base.data, 'postmaster.pid'), { force: true });
  return { kind: 'none' };
}

/** A server whose data is to be removed gets this long to end by itself, in ms. */
const END_MS = 10_000;

/** Ends the server that a killed process left on this data, if any. */
export async function stopPostmaster(base: Base): Promise<void> {
  const deadline = Date.now() + END_MS;
  for (let found = await findPostmaster(base); found.kind !== 'none'; found = await findPostmaster(base)) {
    const late = Date.now() > deadline;
    // PostgreSQL: SIGINT is the fast shutdown.
    for (const pid of found.kind === 'live' ? [found.postmaster.pid] : found.pids)
      send(pid, late ? 'SIGKILL' : 'SIGINT');
    await delay(100);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

// Lines of postmaster.pid: pid, data folder, start time, port, socket folder, listen address, memory key, status.
function readPidFile(data: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : undefined;
  } catch {
    return undefined;
  }
}

// Every process of a server works in its data folder. In a container even root may not see that of another user's
// process (no CAP_SYS_PTRACE), so the server's own user looks.
async function processesIn({ data, user }: Base): Promise<number[]> {
  if (!user) return allPids().filter((pid) => workingDirectory(pid) === data && isAlive(pid));
  const script = 'for c in /proc/[0-9]*/cwd; do [ "$c" -ef "$1" ] && echo "$c"; done; exit 0';
  const { ok, output } = await runCommand('sh', ['-c', script, 'sh', data], { as: user });
  if (!ok) throw new Error(`cannot look for processes in ${data}: ${output}`);
  return [...output.matchAll(/^\/proc\/(\d+)\/cwd$/gm)].map((match) => Number(match[1])).filter(isAlive);
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
