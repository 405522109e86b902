import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/*
 * A worker's name says where its process can be looked up: this boot of this kernel, the process-id namespace, the pid,
 * when that process began, and for people the host. Whoever shares the first two can tell at once whether the worker
 * still lives. Where /proc is missing the name is only unique, and its leases have to run out.
 */

const HERE = place();

/** The name of this process as a worker. */
export function workerName(): string {
  const began = lookUp(process.pid);
  if (HERE === null || typeof began === 'string') return `unplaced/${randomUUID()}/${host()}`;
  return `${HERE}/${process.pid}/${began.started}/${host()}`;
}

/** Whether the processes of a worker can be seen from here. */
export const isHere = (name: string): boolean => HERE !== null && parse(name)?.place === HERE;

/** Whether a worker surely does not live any more; one that runs somewhere else, or is hidden, is never called dead. */
export function isDead(name: string): boolean {
  const worker = parse(name);
  if (worker === null || worker.place !== HERE) return false;
  const found = lookUp(worker.pid);
  return found === 'gone' || (found !== 'hidden' && found.started !== worker.started);
}

/** Whether another process here may still go on with what it began, because it is only frozen, or cut off. */
export const mayGoOn = (name: string): boolean => isHere(name) && !isDead(name) && parse(name)?.pid !== process.pid;

/** The worker in words: `pid 77 on db-1`. */
export function describeWorker(name: string): string {
  const worker = parse(name);
  if (worker === null) return `worker ${name}`;
  return `pid ${worker.pid} on ${worker.host ?? `the machine with boot id ${worker.place.slice(0, 8)}`}`;
}

function parse(name: string): { place: string; pid: number; started: string; host: string | undefined } | null {
  const [boot, namespace, pid, started, host, ...more] = name.split('/');
  if (boot === undefined || namespace === undefined || pid === undefined || started === undefined) return null;
  return more.length > 0 ? null : { place: `${boot}/${namespace}`, pid: Number(pid), started, host };
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

const host = (): string => hostname().replaceAll(/[^\w.-]/g, '_') || 'unnamed';

/**
 * When the process of this pid began, in clock ticks since boot (field 22 of /proc/pid/stat; the name before may hold
 * spaces). `hidden`: there is such a process, and /proc (mounted with hidepid) does not show it.
 */
function lookUp(pid: number): { started: string } | 'gone' | 'hidden' {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const started = fields[19];
    return fields[0] === 'Z' || started === undefined ? 'gone' : { started };
  } catch {
    return exists(pid) ? 'hidden' : 'gone';
  }
}

/** A process that may not be signalled (EPERM) exists as well. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
