import type { HeldDeclaration } from '../../domain/incident/similar.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

/** A declaration that was held back, until somebody decides. */
export interface Offer {
  key: string;
  actor: string;
  similar_to: number;
  input: HeldDeclaration;
}

export async function findOffer(db: Db, key: string): Promise<Offer | null> {
  const [row] = await rows<Offer>(
    db,
    'find-offer',
    'select key, actor, similar_to, input from declaration_offer where key = $1',
    [key],
  );
  return row ?? null;
}

export async function insertOffer(tx: Tx, { key, actor, similar_to, input }: Offer): Promise<void> {
  await rows(
    tx,
    'insert-offer',
    `insert into declaration_offer (key, actor, similar_to, input) values ($1, $2, $3, $4::jsonb)
     on conflict (key) do nothing`,
    [key, actor, similar_to, JSON.stringify(input)],
  );
}

/** Forgets what nobody decided within a day; at most `limit`. */
export async function deleteOldOffers(db: Db, limit: number): Promise<number> {
  const found = await rows(
    db,
    'delete-old-offers',
    `delete from declaration_offer where key in (
       select key from declaration_offer where at < clock_timestamp() - interval '1 day'
       order by at limit $1 for update skip locked) returning 1`,
    [limit],
  );
  return found.length;
}

/** Holds what declarations of one thing share, until the transaction ends: two at the same moment see each other. */
export async function lockShared(tx: Tx, shared: readonly string[]): Promise<void> {
  for (const name of shared.toSorted()) {
    await rows(tx, 'lock-shared', 'select pg_advisory_xact_lock(hashtextextended($1, 16))', [`declare:${name}`]);
  }
}

/** Open incidents, no drills, that were declared within the last `ms`, newest first. */
export function declaredWithin(db: Db, ms: number): Promise<Incident[]> {
  return rows<Incident>(
    db,
    'declared-within',
    `select * from incident
     where state <> 'closed' and state = 'open' and id > 0
       and declared_at > clock_timestamp() - $1 * interval '1 millisecond'
     order by declared_at desc limit 500`,
    [ms],
  );
}
