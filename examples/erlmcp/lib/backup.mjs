import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { faultIn, filesIn, inUse, link, sha256 } from './data.mjs';
import { readOr, Refusal, writeWhole } from './place.mjs';

const run = promisify(execFile);

/** The archives of a service, the oldest first. */
export function archivesOf(backups) {
  const names = existsSync(backups) ? readdirSync(backups) : [];
  const number = (name) => Number(/^full-(\d+)\.tar\.gz$/.exec(name)?.[1]);
  return names.filter((name) => number(name) > 0).sort((a, b) => number(a) - number(b));
}

/** Saves the data in use as the next archive with its checksum; refuses to save what is corrupt. */
export async function backup(place) {
  const fault = faultIn(place.current);
  if (fault) throw new Refusal(`${place.service} is not saved: ${fault.reason}`);
  mkdirSync(place.backups, { recursive: true });
  removeDrafts(place.backups);
  const next = Number(/\d+/.exec(archivesOf(place.backups).at(-1) ?? '0')[0]) + 1;
  const archive = `full-${next}.tar.gz`;
  const draft = join(place.backups, `.draft-${process.pid}`);
  await tar(['-czf', draft, '-C', `${place.current}/`, '--', ...filesIn(place.current)]);
  writeWhole(join(place.backups, `${archive}.sha256`), `${sha256(readFileSync(draft))}  ${archive}\n`);
  // The archive comes last: one that can be seen has its checksum.
  renameSync(draft, join(place.backups, archive));
  return archive;
}

/**
 * Puts an archive's data in the place of the data in use: it is checked, unpacked beside, checked again, and then the
 * link is moved in one step. What was in use stays, and `previous` leads to it.
 */
export async function restore(place, wanted = '') {
  const archive = findArchive(place, wanted);
  const [expected = ''] = readOr(`${archive}.sha256`, '').split(' ');
  if (sha256(readFileSync(archive)) !== expected) {
    const why = expected === '' ? `it has no ${basename(archive)}.sha256` : 'its checksum differs';
    throw new Refusal(`${basename(archive)} is not what was saved: ${why}. Nothing was changed.`);
  }
  mkdirSync(place.data, { recursive: true });
  removeDrafts(place.data);
  const draft = join(place.data, `.draft-${process.pid}`);
  mkdirSync(draft);
  await tar(['-xzf', archive, '-C', draft]);
  const fault = faultIn(draft);
  if (fault) {
    rmSync(draft, { recursive: true, force: true });
    throw new Refusal(`${basename(archive)} holds no good data: ${fault.reason}. Nothing was changed.`);
  }
  const label = freeLabel(place.data);
  renameSync(draft, join(place.data, label));
  const before = inUse(place);
  if (before !== undefined) link(place, 'previous', before);
  link(place, 'current', label);
  return { archive: basename(archive), label, before };
}

/** A name for a directory of restored data that is free. */
export function freeLabel(directory) {
  const stamp = `restored-${new Date().toISOString().replaceAll(/[-:]|\..*/g, '')}`;
  let label = stamp;
  for (let n = 2; existsSync(join(directory, label)); n += 1) label = `${stamp}-${n}`;
  return label;
}

/** The archive's full path: a name among the service's backups, a path, or the newest. */
function findArchive(place, wanted) {
  const known = archivesOf(place.backups);
  const name = wanted || known.at(-1);
  if (name === undefined) throw new Refusal(`there is no backup of ${place.service} in ${place.backups}`);
  const path = dirname(name) === '.' ? join(place.backups, name) : resolve(name);
  if (!existsSync(path)) throw new Refusal(`there is no archive ${name}; known: ${known.join(', ') || 'none'}`);
  return path;
}

/** Those of somebody who was killed; only one at a time changes a service, so nobody needs them. */
function removeDrafts(directory) {
  const drafts = readdirSync(directory).filter((name) => name.startsWith('.') || name.endsWith('.new'));
  for (const name of drafts) rmSync(join(directory, name), { recursive: true, force: true });
}

async function tar(args) {
  try {
    await run('tar', ['--force-local', ...args]);
  } catch (error) {
    throw new Refusal(`tar failed: ${(error.stderr || error.message).trim()}`);
  }
}
