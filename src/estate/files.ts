import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { messageOf } from '../runtime/errors.ts';
import type { Problem } from './problem.ts';
import { readSource, type Read } from './source.ts';

/** Where an estate's files come from: a folder, or the row of the estate in use. */
export interface Files {
  /** The text of a file; with `within` it must lie in that folder, also after symbolic links. Throws when it cannot be had. */
  read(path: string, within?: string): Promise<string>;
  /** The names in a folder; throws when there is none. */
  list(folder: string): Promise<string[]>;
}

/** An estate with its runbooks has some hundred kilobytes. */
const MAX_BYTES = 4 * 1024 * 1024;

export const onDisk: Files = {
  async read(path, within) {
    const real = await realpath(path);
    if (within !== undefined && !isInside(real, await realpath(within))) {
      throw new Error('it is a symbolic link that leads out of its folder');
    }
    needRegular(await stat(real)); // before it is opened, since opening a device may do something
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      needRegular(await handle.stat());
      const text = await handle.readFile('utf8');
      if (text.includes('\0')) throw new Error('it holds a NUL, so it is no text file');
      return text;
    } finally {
      await handle.close();
    }
  },
  list: (folder) => readdir(folder),
};

/** Files that were read before, by the paths that they had then. */
export const inMemory = (texts: Readonly<Record<string, string>>): Files => ({
  read(path) {
    const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
    return text === undefined ? Promise.reject(new Error('it was not loaded')) : Promise.resolve(text);
  },
  list: (folder) =>
    Promise.resolve(
      Object.keys(texts)
        .filter((path) => dirname(path) === folder)
        .map((path) => basename(path)),
    ),
});

/** The same files, with each text that is read put into `texts`. */
export const remembering = (files: Files, texts: Record<string, string>): Files => ({
  async read(path, within) {
    const text = await files.read(path, within);
    texts[path] = text;
    return text;
  },
  list: (folder) => files.list(folder),
});

/** Reads a YAML file; a file that cannot be read is a problem at its first character. */
export async function readYaml(file: string, files: Files = onDisk, within?: string): Promise<Read> {
  let text: string;
  try {
    text = await files.read(file, within);
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
export async function filesLike(folder: string, pattern: string, files: Files = onDisk): Promise<string[]> {
  const path = join(folder, pattern);
  if (!basename(path).includes('*')) return [path];
  const fits = new RegExp(`^${basename(path).split('*').map(escape).join('.*')}$`);
  try {
    const names = await files.list(dirname(path));
    return names
      .filter((name) => fits.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}

/** The folder that a pattern's files may not leave by links: the estate's own, or the one outside that it names. */
export function runbookFolder(folder: string, pattern: string): string {
  const named = dirname(join(folder, pattern));
  return isInside(resolve(named), resolve(folder)) ? folder : named;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !way.startsWith('/');
}

function needRegular(found: Awaited<ReturnType<typeof stat>>): void {
  if (!found.isFile()) throw new Error(`it is ${kindOf(found)}`);
  if (found.size > MAX_BYTES) throw new Error(`it has ${found.size} bytes, more than ${MAX_BYTES}`);
}

function kindOf(found: Awaited<ReturnType<typeof stat>>): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'a device' : 'no regular file';
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
