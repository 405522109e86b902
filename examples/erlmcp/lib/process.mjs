import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readOr } from './place.mjs';

/** The process that was started, if it still runs; the id of a process of somebody else does not count. */
export function processId(place) {
  const pid = Number(readOr(place.pid, ''));
  return pid > 0 && isAlive(pid) && isOurs(pid, place) ? pid : undefined;
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True while the process is stopped by SIGSTOP: it lives, and does nothing. */
export const hangs = (pid) => /^\d+ \(.*\) [Tt] /s.test(readOr(`/proc/${pid}/stat`, ''));

/** Tells a process from a later one with the same id, where the system says when it began. */
export function markOf(pid) {
  const stat = readOr(`/proc/${pid}/stat`, '');
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}

/** Asks the process to end, wakes it if it hangs, and ends it by force after `patience` ms. */
export async function endProcess(place, pid, patience = 5000) {
  signal(pid, 'SIGTERM');
  signal(pid, 'SIGCONT');
  const deadline = Date.now() + patience;
  while (processId(place) === pid && Date.now() < deadline) await pause(20);
  await killProcess(place, pid);
}

export async function killProcess(place, pid) {
  for (; processId(place) === pid; await pause(20)) signal(pid, 'SIGKILL');
}

/** Sends a signal to a process that may have ended in this moment. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Where there is no /proc the id alone has to do. */
function isOurs(pid, { site, service, home }) {
  let words;
  try {
    words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return process.platform !== 'linux';
  }
  const at = words.findIndex((word) => word.endsWith('serve.mjs'));
  return at > 0 && words[at + 1] === site && words[at + 2] === service && words[at + 5] === home;
}
