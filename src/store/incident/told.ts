import { rows, type Db } from '../../postgres/db.ts';

/** The newest automatic update that one reader got: where it stands and how much of the timeline it knew. */
export interface ToldUpdate {
  channel: string;
  ts: string;
  seq: number;
  /** How many updates in a row had no news, this one included; 0 for one with news. */
  quiet: number;
}

export async function lastUpdate(db: Db, incident: number, to: string): Promise<ToldUpdate | null> {
  const [row] = await rows<ToldUpdate>(
    db,
    'last-update',
    `select result->>'channel' as channel, result->>'ts' as ts, coalesce((result->>'seq')::integer, 0) as seq,
       coalesce((result->>'quiet')::integer, 0) as quiet
     from effect
     where incident_id = $1 and kind = 'update.post' and state = 'done' and payload->>'to' = $2 and result->>'ts' is not null
     order by id desc limit 1`,
    [incident, to],
  );
  return row ?? null;
}

/** The newest event of these kinds, and the newest update that a person wrote. */
export async function newestOf(
  db: Db,
  incident: number,
  kinds: readonly string[],
): Promise<{ news: { seq: number; at: Date } | null; written: { seq: number; at: Date } | null }> {
  const found = await rows<{ seq: number; at: Date; written: boolean }>(
    db,
    'newest-events',
    `(select seq, at, false as written from event where incident_id = $1 and kind = any($2) order by seq desc limit 1)
     union all
     (select seq, at, true as written from event
      where incident_id = $1 and kind = 'update.posted' and data->>'text' is not null order by seq desc limit 1)`,
    [incident, kinds],
  );
  const pick = (written: boolean) => found.find((row) => row.written === written) ?? null;
  return { news: pick(false), written: pick(true) };
}
