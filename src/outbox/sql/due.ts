import type { ClaimedRow, QueueName } from '../../domain/effect/effect.ts';
import { rows, type Db } from '../../postgres/db.ts';

export interface HandOver {
  id: string;
  handovers: number;
}

/** What one look at a queue found; `next_ms` is when the next effect falls due, null when nothing is to come. */
interface Look {
  next_ms: number | null;
  /** Something due was left. */
  more: boolean;
  /** The look met its limit of rows, and most of them could not be taken: they are to be marked as blocked. */
  crowded: boolean;
}

/** How many due rows one look visits; more would cost more than the next look. */
const WINDOW = 200;

/**
 * Due effects of a queue's sites in the order of their due times. `head`: none before it of its ordering key is left;
 * `paced_until`: when its key may be used again; what somebody has locked is deferred by a later look.
 * statement_timestamp() is stable, so the index ends the scan at what is not due yet; clock_timestamp() is volatile, and
 * every timer of the future would be visited.
 */
const due = (patience: string): string => `
  due as materialized (
    select d.* from unnest($2::text[], ${patience}) s(site, patience_ms), lateral (
      select e.id, e.due_at,
        e.ordering_key is null or not exists (
          select from effect p where p.ordering_key = e.ordering_key and p.id < e.id
            and p.state in ('pending', 'queued', 'running')) as head,
        (select l.paced_until from lane l where l.key = e.ordering_key and l.paced_until > statement_timestamp())
          as paced_until
      from effect e
      where e.queue = $1 and e.site = s.site and e.state = 'pending' and not e.blocked
        and e.due_at <= statement_timestamp() - s.patience_ms * interval '1 millisecond'
      order by e.due_at, e.id limit ${WINDOW}) d),
  deferred as (
    update effect e set due_at = d.paced_until from due d
    where e.id = d.id and e.id in (
      select w.id from effect w join due on due.id = w.id
      where due.head and due.paced_until is not null and w.state = 'pending' order by w.id for update of w skip locked))`;

/** A hand-over need not wait for the disk: what a crash takes back is pending, and is handed over again. */
const NO_WAIT = `set_config('synchronous_commit', 'off', true)`;

/** When something falls due next that may then be taken at once. */
const next = (patience: string): string => `(
  select ceil(extract(epoch from min(n.due_at) - clock_timestamp()) * 1000)::integer
  from unnest($2::text[], ${patience}) s(site, patience_ms), lateral (
    select e.due_at from effect e
    where e.queue = $1 and e.site = s.site and e.state = 'pending' and not e.blocked and e.due_at > statement_timestamp()
    order by e.due_at limit 1) n
  where s.patience_ms = 0)`;

const look = (patience: string): string => `
  select seen >= ${WINDOW} or heads > (select count(*) from taken) as more,
    seen >= ${WINDOW} and heads < ${WINDOW} / 2 as crowded, ${next(patience)} as next_ms
  from (select count(*) as seen, count(*) filter (where head and paced_until is null) as heads from due) counts`;

/**
 * Marks due effects that belong to no site as queued, oldest first, to be handed to the transport: `limit` at most, and
 * never more than `limit` at a time, so that what waits for long keeps its order here.
 */
export async function takeDue(db: Db, queue: QueueName, limit: number): Promise<Look & { taken: HandOver[] }> {
  const found = await rows<Look & { id: string | null; handovers: number }>(
    db,
    'take-due',
    `with ${due('array[0]')},
     taken as (
       update effect set state = 'queued', queued_at = clock_timestamp(), handovers = handovers + 1
       where id in (
         select e.id from effect e join due d on d.id = e.id
         where d.head and d.paced_until is null and e.state = 'pending' and e.due_at <= statement_timestamp()
         order by d.due_at, d.id
         limit greatest(0, $3 - (select count(*) from effect where queue = $1 and state = 'queued'))
         for update of e skip locked)
       returning id, handovers, due_at)
     select look.*, taken.id, taken.handovers from (${look('array[0]')}) look, (select ${NO_WAIT}) no_wait left join taken on true
     order by taken.due_at, taken.id`,
    [queue, [''], limit],
  );
  return { ...lookOf(found), taken: found.flatMap(({ id, handovers }) => (id === null ? [] : [{ id, handovers }])) };
}

const lookOf = ([first]: Look[]): Look => ({
  next_ms: first?.next_ms ?? null,
  more: first?.more ?? false,
  crowded: first?.crowded ?? false,
});

/** Takes hand-overs back that the transport did not accept: they are due as before. */
export async function takeBack(db: Db, effects: HandOver[]): Promise<void> {
  await rows(
    db,
    'take-back',
    `update effect e set state = 'pending' from unnest($1::bigint[], $2::integer[]) as x(id, handovers)
     where e.id = x.id and e.handovers = x.handovers and e.state = 'queued'`,
    [effects.map((each) => each.id), effects.map((each) => each.handovers)],
  );
}

export interface DirectClaim {
  queue: QueueName;
  /** Sites whose effects may be taken, '' among them, each with how long an effect must have been due before, in ms. */
  sites: Map<string, number>;
  /** How long an effect must have been handed over unclaimed, in ms. */
  queued_ms: number;
  kinds: string[];
  limit: number;
  worker: string;
  lease_ms: number;
}

/** Claims due effects without the transport, oldest first; `overdue` were handed over and never arrived. */
export async function claimDue(
  db: Db,
  { queue, sites, queued_ms, kinds, limit, worker, lease_ms }: DirectClaim,
): Promise<Look & { claimed: ClaimedRow[]; overdue: number }> {
  const found = await rows<Look & { overdue: boolean } & (ClaimedRow | { id: null })>(
    db,
    'claim-due',
    `with ${due('$3::integer[]')},
     overdue as materialized (
       select id, due_at from effect
       where queue = $1 and state = 'queued' and queued_at <= statement_timestamp() - $4 * interval '1 millisecond'
       order by queued_at limit $6),
     taken as (
       update effect set state = 'running', fence = fence + 1, attempts = attempts + 1, worker = $7,
         started_at = clock_timestamp(), lease_until = clock_timestamp() + $8 * interval '1 millisecond'
       where id in (
         select e.id from effect e join (
           select id, due_at from due where head and paced_until is null union all select id, due_at from overdue) d
           on d.id = e.id
         where e.site = any($2) and e.kind = any($5)
           and (e.state = 'queued' or e.state = 'pending' and e.due_at <= statement_timestamp())
         order by d.due_at, d.id limit $6 for update of e skip locked)
       returning id, key, kind, queue, incident_id, mode, payload, ordering_key, fence, attempts, unknown_since, left_by,
         cancel_requested, created_at, due_at)
     select look.*, taken.*, taken.id in (select id from overdue) as overdue
     from (${look('$3::integer[]')}) look left join taken on true order by taken.due_at, taken.id`,
    [queue, [...sites.keys()], [...sites.values()], queued_ms, kinds, limit, worker, lease_ms],
  );
  const claimed = found.filter((row): row is typeof row & ClaimedRow => row.id !== null);
  return { ...lookOf(found), claimed, overdue: claimed.filter((row) => row.overdue).length };
}

/**
 * Marks due effects that wait behind another of their ordering key, so that looks do not visit them again. The one that
 * each waits for is locked meanwhile: its end comes after this and frees what was marked. Returns how many were marked.
 */
export async function blockWaiting(db: Db, queue: QueueName, sites: string[]): Promise<number> {
  const marked = await rows(
    db,
    'block-waiting',
    `with waiting as materialized (
       select d.* from unnest($2::text[]) s(site), lateral (
         select e.id, e.ordering_key from effect e
         where e.queue = $1 and e.site = s.site and e.state = 'pending' and not e.blocked
           and e.due_at <= statement_timestamp()
         order by e.due_at, e.id limit $3) d
       where d.ordering_key is not null),
     heads as materialized (
       select h.* from (select distinct ordering_key from waiting) k, lateral (
         select p.id, p.ordering_key from effect p
         where p.ordering_key = k.ordering_key and p.state in ('pending', 'queued', 'running')
         order by p.id limit 1 for update skip locked) h)
     update effect set blocked = true where id in (
       select e.id from effect e join waiting w on w.id = e.id join heads h on h.ordering_key = w.ordering_key
       where h.id < e.id and e.state = 'pending' order by e.id for update of e skip locked)
     returning id`,
    [queue, sites, MARKED],
  );
  return marked.length;
}

/** How many rows are marked at once. */
const MARKED = 1000;
