import type { ChainedEvent } from '../../domain/incident/timeline.ts';
import { rows, type Db } from '../../postgres/db.ts';

/** Events of an incident in order; `last` keeps only the newest ones. */
export async function timelineOf(db: Db, incident: number, last = 100_000): Promise<ChainedEvent[]> {
  const found = await rows<Omit<ChainedEvent, 'at'> & { at: Date }>(
    db,
    'timeline',
    `select * from (
       select seq, at, kind, actor, data, prev_hash, hash from event where incident_id = $1 order by seq desc limit $2) t
     order by seq`,
    [incident, last],
  );
  return found.map((row) => ({ ...row, at: row.at.toISOString() }));
}
