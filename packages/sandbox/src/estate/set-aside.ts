import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { BREAKS, type Break } from '../page/protocol.ts';

/** The services that a clean stop of the sandbox stopped, and how each was broken then. */
export type SetAside = Map<string, Break | null>;

export async function readSetAside(file: string): Promise<SetAside> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    const entries: [string, unknown][] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(entries.map(([service, how]) => [service, readBreak(how)]));
  } catch {
    return new Map();
  }
}

/** Written before anything is stopped: a stop that is killed half way must not make the rest look stopped on purpose. */
export async function writeSetAside(file: string, services: SetAside): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(services)));
  await rename(`${file}.new`, file);
}

export const clearSetAside = (file: string): Promise<void> => rm(file, { force: true });

export const readBreak = (value: unknown): Break | null => BREAKS.find((how) => how === value) ?? null;
