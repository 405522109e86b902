import { rows, type Db, type Tx } from '../../postgres/db.ts';

/** Notes that a request arrived; false when it arrived before, and the transaction should change nothing. */
export async function isFirst(tx: Tx, key: string, source: string): Promise<boolean> {
  const inserted = await rows(
    tx,
    'first-arrival',
    'insert into inbound (key, source) values ($1, $2) on conflict do nothing returning key',
    [key, source],
  );
  return inserted.length === 1;
}

/** Forgets up to `limit` arrivals older than three days; PagerDuty repeats a webhook for at most 48 hours. */
export async function forgetOldArrivals(db: Db, limit = 1000): Promise<number> {
  const found = await rows(
    db,
    'forget-arrivals',
    `delete from inbound where key in (
       select key from inbound where at < now() - interval '3 days' order by at limit $1 for update skip locked)
     returning 1`,
    [limit],
  );
  return found.length;
}
