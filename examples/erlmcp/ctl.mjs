#!/usr/bin/env node
// Runs erlmcp's services on this machine, as real processes that can be broken. README.md beside it explains the rest.
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { archivesOf, backup, freeLabel, restore } from './lib/backup.mjs';
import { breakIt, mend } from './lib/breaks.mjs';
import { logs, reset, restart, resume, start, status, stop } from './lib/life.mjs';
import { locked } from './lib/lock.mjs';
import { homeOf, placeOf, Refusal } from './lib/place.mjs';

const USAGE = `usage: ctl.mjs VERB SITE SERVICE …
  start SITE SERVICE HOST PORT         restart SITE SERVICE [HOST PORT]     stop SITE SERVICE
  resume SITE SERVICE HOST PORT [always]
  status SITE SERVICE [json]           logs SITE SERVICE [LINES]            reset SITE SERVICE WHAT
  backup SITE SERVICE                  restore SITE SERVICE [ARCHIVE]       mend SITE SERVICE
  break SITE SERVICE kill|hang|slow|errors|refuse|corrupt
  where SITE SERVICE [DIRECTORY BACKUPS ARCHIVE LABEL]`;

const VERBS = { start, stop, restart, resume, status, logs, reset, break: breakIt, mend, where };
VERBS.backup = (place) => locked(place, async () => console.log(`${place.service} is saved as ${await backup(place)}`));
VERBS.restore = (place, archive) =>
  locked(place, async () => {
    const { archive: from, label, before } = await restore(place, archive);
    const kept = before === undefined ? '' : `; what was in use is kept as ${before}`;
    console.log(`${place.service} uses ${label} now, restored from ${from}${kept}`);
  });

const [verb = '', site = '', service = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(VERBS, verb) || ![site, service].every((name) => /^[a-z][a-z0-9-]*$/.test(name))) {
  console.error(USAGE);
  process.exit(64);
}
try {
  const place = placeOf(homeOf(), site, service);
  mkdirSync(place.folder, { recursive: true });
  await VERBS[verb](place, ...rest);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error.stack);
  process.exit(1);
}

/** Tells a runbook where a service's data and backups are; what it was given already is handed back, as full paths. */
function where(place, directory = '', backups = '', archive = '', label = '') {
  const archives = resolve(backups || place.backups);
  const from = archive || archivesOf(archives).at(-1);
  if (!from) throw new Refusal(`there is no backup of ${place.service} in ${archives}`);
  const full = resolve(archives, from);
  const data = resolve(directory || place.data);
  const found = { directory: data, backups: dirname(full), archive: full, label: label || freeLabel(data) };
  console.log(JSON.stringify(found));
}
