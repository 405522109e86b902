import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * Blanks the values of the environment that this process was started with, which its memory keeps and
 * `/proc/<pid>/environ` shows to every program of the same user; says why where that cannot be done. What needs the
 * environment afterwards must have copied it: `getenv` finds empty values until they are set again.
 */
export function blankInitialEnvironment(): string | null {
  try {
    const memory = readFileSync('/proc/self/environ');
    if (memory.length > 0) write(startOf(readFileSync('/proc/self/stat', 'utf8')), withoutValues(memory));
    return isBlank(readFileSync('/proc/self/environ')) ? null : 'the kernel did not take the change';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Field 50 of /proc/pid/stat: where the environment begins (the name, field 2, may hold spaces). */
function startOf(stat: string): number {
  const start = Number(stat.replace(/^.*\) /s, '').split(' ')[47]);
  if (!Number.isSafeInteger(start) || start <= 0) throw new Error('/proc/self/stat does not say where it begins');
  return start;
}

/** Writing one's own memory needs no privilege. */
function write(at: number, bytes: Buffer): void {
  const memory = openSync('/proc/self/mem', 'r+');
  try {
    writeSync(memory, bytes, 0, bytes.length, at);
  } finally {
    closeSync(memory);
  }
}

/** `NAME=value` with the value's bytes zero: names and places stay, since pointers lead there. */
function withoutValues(memory: Buffer): Buffer {
  const blank = Buffer.from(memory);
  for (let at = 0; at < blank.length;) {
    const next = memory.indexOf(0, at);
    const end = next === -1 ? memory.length : next;
    const equals = memory.indexOf('=', at);
    if (equals !== -1 && equals < end) blank.fill(0, equals + 1, end);
    at = end + 1;
  }
  return blank;
}

const isBlank = (memory: Buffer): boolean => memory.equals(withoutValues(memory));
