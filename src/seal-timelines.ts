import type pg from 'pg';
import { createSeal, keyId, type Seal } from './domain/incident/seal.ts';
import type { Log } from './runtime/log.ts';
import { readSealKeys } from './runtime/seal-keys.ts';
import { registerSealKey, sealThrough } from './store/incident/seals.ts';

export interface Sealing {
  seal: Seal;
  /** What is worth knowing: other processes seal with keys that this one does not have. */
  notice: string | null;
}

/** Seals the timelines that are written through these pools; to be called before they connect. */
export async function sealTimelines(
  pools: readonly [pg.Pool, ...pg.Pool[]],
  { anchorKeys, home }: { anchorKeys: string[]; home: string },
  log: Log,
): Promise<Sealing> {
  const keys = await readSealKeys(anchorKeys, home);
  const seal = createSeal(keys);
  for (const pool of pools) sealThrough(pool, seal);
  const mine = new Set(keys.map(keyId));
  const foreign = (await registerSealKey(pools[0], seal.id)).filter((id) => !mine.has(id));
  if (foreign.length === 0) return { seal, notice: null };
  const notice = `timelines are also sealed with the key ${foreign.join(', ')}, which this process does not have: give every process the same LIFEBOAT_ANCHOR_KEY`;
  log.warn({ mine: seal.id, foreign, notice }, 'timelines are sealed with other keys too');
  return { seal, notice };
}
