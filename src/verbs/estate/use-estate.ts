import type pg from 'pg';
import { transact } from '../../postgres/db.ts';
import {
  estateInUse,
  insertEstateUse,
  lockEstateUse,
  wasEverUsed,
  type EstateFiles,
  type EstateUse,
} from '../../store/estate/estate-uses.ts';

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
    if (before?.digest === offer.digest) return { use: before, changed: false };
    if (before && offer.occasion === 'start' && (await wasEverUsed(tx, offer.digest))) {
      return { use: before, changed: false };
    }
    await insertEstateUse(tx, offer, offer.files);
    const use = await estateInUse(tx);
    if (!use) throw new Error('the estate in use was written and is not there');
    return { use, changed: true };
  });
}
