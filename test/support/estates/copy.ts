import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEstate } from '../../../src/estate/load.ts';
import { formatProblem } from '../../../src/estate/problem.ts';

export const ESTATE = 'small.yaml';
export const RESTART_API = 'runbooks/restart-api.yaml';

/** A copy of the small estate that a test may spoil. */
export interface EstateCopy {
  folder: string;
  /** Replaces text in one file; returns the place that `¦` marks in the new text, as a problem begins with it. */
  spoil(file: string, from: string, to: string): Promise<string>;
  /** The problems of the estate, as people read them. */
  problems(file?: string): Promise<string[]>;
  remove(): Promise<void>;
}

export async function copySmallEstate(): Promise<EstateCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'estate-'));
  await cp(import.meta.dirname, folder, { recursive: true });
  return {
    folder,
    async spoil(file, from, to) {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
      const marked = text.replace(from, () => to);
      const before = marked.slice(0, Math.max(0, marked.indexOf('¦'))).split('\n');
      await writeFile(path, marked.replace('¦', ''));
      return `${path}:${before.length}:${(before.at(-1) ?? '').length + 1}: `;
    },
    async problems(file = ESTATE) {
      const loaded = await loadEstate(join(folder, file));
      return loaded.ok ? [] : loaded.problems.map(formatProblem);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
