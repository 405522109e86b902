import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/*
 * A worker's name says where its process can be looked up: this boot of this kernel, the process-id namespace, the pid
 * and when that process began. Whoever shares the first two can tell at once whether the worker still lives. Where
 * /proc is missing the name is only unique, and its leases have to run out.
 */

const HERE = place();

/** The name of this process as a worker. */
export function workerName(): string {
  const began = HERE === null ? null : startTime(process.pid);
  return HERE === null || began === null ? `unplaced/${randomUUID()}` : `${HERE}/${process.pid}/${began}`;
}

/** Whether a worker surely does not live any more; one that runs somewhere else is never called dead. */
export function isDead(name: string): boolean {
  const at = name.split('/');
  if (HERE === null || at.length !== 4 || `${at[0] ?? ''}/${at[1] ?? ''}` !== HERE) return false;
  return startTime(Number(at[2])) !== at[3];
}

function place(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    return namespace === undefined ? null : `${boot}/${namespace}`;
  } catch {
    return null;
  }
}

/** Clock ticks since boot at which a process began (field 22 of /proc/pid/stat; the name before may hold spaces). */
function startTime(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
