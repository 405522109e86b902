import type pg from 'pg';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { ESTATE_SUBJECT } from '../../domain/incident/subject.ts';
import { transact, type Tx } from '../../postgres/db.ts';
import {
  estateInUse,
  insertEstateUse,
  lockEstateUse,
  wasEverUsed,
  type EstateFiles,
  type EstateUse,
} from '../../store/estate/estate-uses.ts';
import { lockIncident } from '../../store/incident/incidents.ts';
import { persist } from '../../store/persist.ts';

export interface Offer {
  digest: string;
  files: EstateFiles;
  loaded_by: string;
  source: string;
  /**
   * `reload`: somebody asked for it, so it is used. `start`: used unless this very content was in use before and was
   * replaced since, so that processes with different files do not take turns as they restart.
   */
  occasion: 'start' | 'reload';
}

/** Offers an estate to all processes; answers what is in use afterwards, and whether that changed. */
export async function useEstate(pool: pg.Pool, offer: Offer): Promise<{ use: EstateUse; changed: boolean }> {
  return transact(pool, async (tx) => {
    await lockEstateUse(tx);
    const before = await estateInUse(tx);
    // What came into use before the estate had a timeline begins it; an empty one would look like one that was emptied.
    if (before) await recordLoad(tx, { ...before, occasion: 'start' }, { onlyFirst: true });
    if (before?.digest === offer.digest) return { use: before, changed: false };
    if (before && offer.occasion === 'start' && (await wasEverUsed(tx, offer.digest))) {
      return { use: before, changed: false };
    }
    await insertEstateUse(tx, offer, offer.files);
    await recordLoad(tx, offer);
    const use = await estateInUse(tx);
    if (!use) throw new Error('the estate in use was written and is not there');
    return { use, changed: true };
  });
}

/** Every change of the estate in use is an event of the estate's own timeline: chained, sealed and append-only. */
async function recordLoad(
  tx: Tx,
  { digest, source, loaded_by, occasion }: Omit<Offer, 'files'>,
  { onlyFirst = false } = {},
): Promise<void> {
  const subject = await lockIncident(tx, ESTATE_SUBJECT);
  if (!subject) throw new Error("the estate's own timeline is not there");
  if (onlyFirst && subject.incident.chain_seq > 0) return;
  const actor = isPerson(loaded_by) ? loaded_by : LIFEBOAT;
  const data = { digest, source, by: loaded_by, occasion };
  await persist(tx, subject.incident, { events: [{ kind: 'estate.loaded', actor, data }], effects: [] }, subject.now);
}

/** `slack:U1` and the like; a start names its process. */
const isPerson = (by: string): boolean => /^\w+:\w+$/.test(by);
