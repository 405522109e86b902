import type pg from 'pg';
import type { Seal } from '../../domain/incident/seal.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

const seals = new WeakMap<object, Seal>();

/** Lets every connection of the pool seal the timelines that are written through it; a pool without seals none. */
export function sealThrough(pool: pg.Pool, seal: Seal): void {
  pool.on('connect', (client) => seals.set(client, seal));
}

export const sealOf = (tx: Tx): Seal | undefined => seals.get(tx);

/** Remembers the key, by its id, and returns the ids of all that ever sealed here. */
export async function registerSealKey(db: Db, id: string): Promise<string[]> {
  await rows(db, 'register-seal-key', 'insert into seal_key (id) values ($1) on conflict (id) do nothing', [id]);
  const known = await rows<{ id: string }>(db, 'seal-keys', 'select id from seal_key order by first_used_at', []);
  return known.map((row) => row.id);
}
