import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readOr, writeWhole } from './place.mjs';
import { seedOf } from './seed.mjs';

/** The list of SHA-256 sums beside the data, as `sha256sum --check` reads it. */
const MANIFEST = 'MANIFEST.sha256';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The directory that is in use now; undefined when there is none. */
export function inUse(place) {
  try {
    return basename(readlinkSync(place.current));
  } catch {
    return undefined;
  }
}

/** What is wrong with the data in a directory: `{ file, reason }`, or undefined when all of it is what was written. */
export function faultIn(directory) {
  const sums = readOr(join(directory, MANIFEST), '').split('\n').filter(Boolean);
  if (sums.length === 0) return { file: MANIFEST, reason: `there is no ${MANIFEST}` };
  for (const line of sums) {
    const [, sum, file] = /^([0-9a-f]{64}) [ *]([\w.-]+)$/.exec(line) ?? [];
    if (file === undefined) return { file: MANIFEST, reason: `${MANIFEST} cannot be read` };
    try {
      if (sha256(readFileSync(join(directory, file))) === sum) continue;
      return { file, reason: `${file} is not what was written: its checksum differs` };
    } catch (error) {
      return { file, reason: `${file} cannot be read: ${error.code ?? error.message}` };
    }
  }
  return undefined;
}

/** The names of the files in a directory of data, the list of sums last. */
export const filesIn = (directory) => [
  ...readdirSync(directory)
    .filter((file) => file !== MANIFEST)
    .sort(),
  MANIFEST,
];

/** Writes a service's first data; does nothing once there is a link `current`, or a backup that could be restored. */
export function seed(place, hasBackups) {
  mkdirSync(place.data, { recursive: true });
  if (inUse(place) !== undefined || hasBackups) return;
  // What is there without a link is half of a seed that was interrupted.
  const first = join(place.data, 'v1');
  rmSync(first, { recursive: true, force: true });
  mkdirSync(first);
  const files = Object.entries(seedOf(place.service));
  for (const [file, text] of files) writeFileSync(join(first, file), text);
  writeFileSync(join(first, MANIFEST), files.map(([file, text]) => `${sha256(text)}  ${file}\n`).join(''));
  link(place, 'current', 'v1');
}

/** Lets a link in the data directory lead somewhere else, in one step. */
export function link(place, name, target) {
  const draft = join(place.data, `.${name}.${process.pid}`);
  rmSync(draft, { force: true });
  symlinkSync(target, draft);
  renameSync(draft, join(place.data, name));
}

/** Flips bytes in the middle of the biggest file; a copy takes its place, so that it is flipped all or not at all. */
export function spoil(place) {
  const size = (file) => statSync(join(place.current, file)).size;
  const [biggest] = filesIn(place.current)
    .slice(0, -1)
    .sort((a, b) => size(b) - size(a));
  const bytes = readFileSync(join(place.current, biggest));
  const middle = Math.floor(bytes.length / 2);
  for (let at = middle; at < Math.min(middle + 16, bytes.length); at += 1) bytes[at] ^= 0xff;
  writeWhole(join(place.current, biggest), bytes);
  return biggest;
}
