import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../runtime/errors.ts';
import type { Problem } from './problem.ts';
import { readSource, type Read } from './source.ts';

/** Reads a YAML file; a file that cannot be read is a problem at its first character. */
export async function readYaml(file: string): Promise<Read> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const problem: Problem = {
      file,
      line: 1,
      column: 1,
      message: `the file cannot be read: ${messageOf(error)}`,
      rule: 'it is a readable text file',
      fix: 'check the path and the permissions',
    };
    return { ok: false, problems: [problem] };
  }
  return readSource(file, text);
}

/** Files of `folder` that fit a pattern, sorted; `*` stands for part of a file's name and not of a folder's. */
export async function filesLike(folder: string, pattern: string): Promise<string[]> {
  const path = join(folder, pattern);
  if (!basename(path).includes('*')) return [path];
  const fits = new RegExp(`^${basename(path).split('*').map(escape).join('.*')}$`);
  try {
    const names = await readdir(dirname(path));
    return names
      .filter((name) => fits.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
