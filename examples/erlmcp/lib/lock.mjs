import { linkSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, markOf } from './process.mjs';
import { forget, readOr, Refusal } from './place.mjs';

/** Does one thing at a time to a service, also when several are asked for at once; waits up to 15 s for its turn. */
export async function locked(place, act) {
  const mine = markOf(process.pid);
  const deadline = Date.now() + 15_000;
  while (!take(place.lock, mine)) {
    const holder = readOr(place.lock, '');
    if (holder !== '' && isDead(holder)) takeAway(place.lock, holder);
    else if (Date.now() < deadline) await pause(25);
    else throw new Refusal(`${place.service} is being changed by process ${holder.split(' ')[0]}; try again later`);
  }
  try {
    return await act();
  } finally {
    if (readOr(place.lock, '') === mine) forget(place.lock);
  }
}

// Written aside and linked, so that nobody reads a lock without its owner.
function take(lock, mine) {
  const draft = `${lock}.${process.pid}.new`;
  writeFileSync(draft, mine);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    forget(draft);
  }
}

function isDead(holder) {
  const pid = Number(holder.split(' ')[0]);
  return !isAlive(pid) || markOf(pid) !== holder;
}

// Two may find the same dead owner: whoever moves away a lock that is not the dead one's puts it back.
function takeAway(lock, dead) {
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
    if (readOr(aside, '') !== dead) linkSync(aside, lock);
  } catch {
    // Somebody else was faster.
  }
  forget(aside);
}
