import { rows, type Db } from '../../postgres/db.ts';

/** A walk over a table by its key: where it stands, how many rows it saw, how many it removed. */
export interface Walked {
  last: string | null;
  seen: number;
  removed: number;
}

const NOWHERE: Walked = { last: null, seen: 0, removed: 0 };

/**
 * Deletes, among the `limit` effects after `after`, those that are over for longer than their kind is kept and whose
 * incident is closed for as long: nothing intends a key of a closed incident again. Coalesced ones, whose keys are
 * never intended twice, go after `coalesced_ms` also while the incident is open.
 */
export async function deleteOldEffects(
  db: Db,
  after: string,
  limit: number,
  retention_ms: Readonly<Record<string, number>>,
  coalesced_ms: number,
): Promise<Walked> {
  const [row] = await rows<Walked>(
    db,
    'delete-old-effects',
    `with walked as materialized (
       select id, kind, state, incident_id, coalesce_key, coalesce(finished_at, created_at) as finished_at
       from effect where id > $1::bigint order by id limit $2),
     over as (
       select w.id from walked w
       join unnest($3::text[], $4::bigint[]) as k(kind, ms) on k.kind = w.kind
       left join incident i on i.id = w.incident_id
       where (w.state in ('done', 'cancelled') and w.coalesce_key is not null
              and w.finished_at < clock_timestamp() - $5 * interval '1 millisecond')
         or (w.state in ('done', 'cancelled', 'failed', 'unknown')
             and w.finished_at < clock_timestamp() - k.ms * interval '1 millisecond'
             and (w.incident_id is null
                  or (i.closed_at < clock_timestamp() - k.ms * interval '1 millisecond'
                      and not exists (select from run r where r.incident_id = i.id and r.finished_at is null))))),
     removed as (delete from effect e using over where e.id = over.id returning e.id)
     select (select max(id) from walked) as last, (select count(*)::integer from walked) as seen,
            (select count(*)::integer from removed) as removed`,
    [after, limit, Object.keys(retention_ms), Object.values(retention_ms), coalesced_ms],
  );
  return row ?? NOWHERE;
}

/** Deletes, among the `limit` blocks of output after `after`, those of runs that ended `kept_ms` ago. */
export async function deleteOldOutput(db: Db, after: string, limit: number, kept_ms: number): Promise<Walked> {
  const [row] = await rows<Walked>(
    db,
    'delete-old-output',
    `with walked as materialized (select id, run_id from step_output where id > $1::bigint order by id limit $2),
     removed as (
       delete from step_output o using walked w join run r on r.id = w.run_id
       where o.id = w.id and r.finished_at < clock_timestamp() - $3 * interval '1 millisecond' returning o.id)
     select (select max(id) from walked) as last, (select count(*)::integer from walked) as seen,
            (select count(*)::integer from removed) as removed`,
    [after, limit, kept_ms],
  );
  return row ?? NOWHERE;
}

/** Empties what steps returned, in those of the `limit` runs after `after` that are over with their incident. */
export async function forgetOldResults(db: Db, after: string, limit: number, kept_ms: number): Promise<Walked> {
  const [row] = await rows<Walked>(
    db,
    'forget-old-results',
    `with walked as materialized (
       select id, incident_id, finished_at from run where id > $1::integer order by id limit $2),
     over as materialized (
       select w.id from walked w join incident i on i.id = w.incident_id
       where greatest(w.finished_at, i.closed_at) < clock_timestamp() - $3 * interval '1 millisecond'
         and w.finished_at is not null and i.closed_at is not null),
     removed as (
       update step s set output = null from over where s.run_id = over.id and s.output is not null returning s.run_id)
     select (select max(id)::text from walked) as last, (select count(*)::integer from walked) as seen,
            (select count(*)::integer from removed) as removed`,
    [after, limit, kept_ms],
  );
  return row ?? NOWHERE;
}

/** Deletes paces of ordering keys that are over: without a row a key is not paced. At most `limit`. */
export async function deleteOverPaces(db: Db, limit: number): Promise<number> {
  const found = await rows(
    db,
    'delete-over-paces',
    `delete from lane where key in (
       select key from lane where paced_until < clock_timestamp() - interval '1 minute'
       order by paced_until limit $1 for update skip locked) returning 1`,
    [limit],
  );
  return found.length;
}
