import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Something that is refused; its words are for a person, and nothing was changed unless they say so. */
export class Refusal extends Error {}

/** Where the files of all services are: ERLMCP_HOME, or .lifeboat/erlmcp below the working directory. */
export const homeOf = () => resolve(process.env.ERLMCP_HOME ?? '.lifeboat/erlmcp');

/** The files of one service at one site. */
export function placeOf(home, site, service) {
  const file = (kind) => join(home, site, `${service}.${kind}`);
  return {
    // Tells one estate on this machine from another without telling where it is.
    estate: createHash('sha256').update(home).digest('hex').slice(0, 8),
    ...{ home, site, service, folder: join(home, site), file },
    ...{ pid: file('pid'), address: file('address'), broken: file('break'), log: file('log'), lock: file('lock') },
    data: join(home, site, 'data', service),
    current: join(home, site, 'data', service, 'current'),
    backups: join(home, site, 'backups', service),
  };
}

/** Writes a file so that whoever reads it sees all of it, or what was there before. */
export function writeWhole(file, text) {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

export function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** How the service was broken, by which process it is felt, and whether that process has heard of it. */
export function readBreak(place) {
  try {
    return JSON.parse(readFileSync(place.broken, 'utf8'));
  } catch {
    return undefined;
  }
}

export const writeBreak = (place, value) => writeWhole(place.broken, JSON.stringify(value));
export const forget = (file) => rmSync(file, { force: true });

/** Where the service was last told to listen; undefined when it was never started here. */
export function addressOf(place) {
  const found = /^(.+):(\d+)\s*$/.exec(readOr(place.address, ''));
  return found ? { host: found[1], port: Number(found[2]) } : undefined;
}
