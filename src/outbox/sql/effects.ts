import type { ClaimedRow } from '../../domain/effect/effect.ts';
import type { Json } from '../../domain/json.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

/**
 * Makes an effect this worker's for `lease_ms`; null when it is done, held by another, not due any more, or of a kind
 * that this worker does not know: a newer replica intended it, and will do it.
 */
export async function claim(
  db: Db,
  id: string,
  worker: string,
  lease_ms: number,
  kinds: readonly string[] | null = null,
): Promise<ClaimedRow | null> {
  const [row] = await rows<ClaimedRow>(
    db,
    'claim',
    `update effect set state = 'running', fence = fence + 1, attempts = attempts + 1, worker = $2,
       started_at = clock_timestamp(), lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where id = $1 and state = 'queued' and ($4::text[] is null or kind = any($4))
     returning id, key, kind, queue, incident_id, mode, payload, ordering_key, fence, attempts, unknown_since, left_by,
       cancel_requested, created_at`,
    [id, worker, lease_ms, kinds],
  );
  return row ?? null;
}

/**
 * Renews leases that a worker knows it holds; what is missing in the answer is no longer the worker's. Whatever it was
 * given without learning of it (the answer was lost with the connection) is left to run out. An effect that somebody has
 * locked is only not `renewed`: waiting for it would cost all the others their leases.
 */
export function renew(
  db: Db,
  worker: string,
  ids: string[],
  lease_ms: number,
): Promise<{ id: string; fence: number; cancel_requested: boolean; renewed: boolean }[]> {
  return rows(
    db,
    'renew',
    `with renewed as (
       update effect set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
       where id in (select id from effect
                    where id = any($2::bigint[]) and worker = $1 and state = 'running' and lease_until > clock_timestamp()
                    order by id for update skip locked)
       returning id)
     select e.id, e.fence, e.cancel_requested, r.id is not null as renewed from effect e left join renewed r on r.id = e.id
     where e.id = any($2::bigint[]) and e.worker = $1 and e.state = 'running'
       and (r.id is not null or e.lease_until > clock_timestamp())`,
    [worker, ids, lease_ms],
  );
}

/** An effect for which the same one waits already leaves the doing to that one, which comes after it. */
const OR_SUPERSEDED = `case when e.coalesce_key is not null and exists (
    select from effect w where w.coalesce_key = e.coalesce_key and w.state in ('pending', 'queued'))
  then 'cancelled' else 'pending' end`;

/**
 * What was cancelled is only to be reported as that, which any bot can do: its site may have no worker left, and nobody
 * could abort the run.
 */
const WHERE_NEXT = `queue = case when e.cancel_requested then 'timers' else e.queue end,
  site = case when e.cancel_requested then '' else e.site end`;

/** Wakes whoever takes effects of the queues and sites of `source`. */
export const wakeFor = (source: string): string =>
  `select pg_notify('lifeboat_effect', queue || '/' || site) from ${source} group by queue, site`;

/**
 * When an attempt that may have happened is looked into: Slack's history lags behind its posts, and who reads it too
 * early posts again.
 */
const DOUBT_OVER = `case when e.queue = 'chat' then greatest(clock_timestamp(), e.started_at + interval '2 seconds')
                         else least(e.due_at, clock_timestamp()) end`;

/** Whoever takes it over must know whose processes may still run. */
const LEFT_BY = `case when e.worker = any(e.left_by) then e.left_by else e.left_by || e.worker end`;

/**
 * Takes effects back from workers that stopped renewing and from those in `dead`: nobody knows whether the attempt
 * happened.
 */
export async function expireLeases(db: Db, dead: string[]): Promise<number> {
  const [row] = await rows<{ expired: number }>(
    db,
    'expire-leases',
    `with expired as (
       update effect e set state = ${OR_SUPERSEDED}, worker = null, lease_until = null, ${WHERE_NEXT},
         due_at = ${DOUBT_OVER}, unknown_since = coalesce(unknown_since, started_at), left_by = ${LEFT_BY}
       where id in (select id from effect
                    where state = 'running' and (lease_until < clock_timestamp() or worker = any($1))
                    for update skip locked)
       returning queue, site),
     woken as (${wakeFor('expired')})
     select (select count(*)::integer from expired) as expired, (select count(*) from woken)`,
    [dead],
  );
  return row?.expired ?? 0;
}

/**
 * Returns an effect that a worker holds undone, to be taken at once; `doubtful`: the attempt may have happened, and
 * `running`: something that it began still runs.
 */
export async function giveBack(
  db: Db,
  effect: ClaimedRow,
  worker: string,
  { doubtful, running = false }: { doubtful: boolean; running?: boolean },
): Promise<[]> {
  await rows(
    db,
    'give-back',
    `with given as (
       update effect e set state = ${OR_SUPERSEDED}, worker = null, lease_until = null, ${WHERE_NEXT},
         due_at = case when $4 then ${DOUBT_OVER} else e.due_at end,
         unknown_since = case when $4 then coalesce(unknown_since, started_at) else unknown_since end,
         left_by = case when $5 then ${LEFT_BY} else e.left_by end
       where id = $1 and fence = $2 and worker = $3 and state = 'running' returning queue, site)
     ${wakeFor('given')}`,
    [effect.id, effect.fence, worker, doubtful, running],
  );
  return [];
}

/** The workers that hold anything now. */
export async function holders(db: Db): Promise<string[]> {
  const found = await rows<{ worker: string }>(
    db,
    'holders',
    `select distinct worker from effect where state = 'running' and worker is not null`,
    [],
  );
  return found.map((row) => row.worker);
}

/** Locks those effects that this worker still holds with these fences and returns their ids; a late worker gets none. */
export async function held(tx: Tx, effects: { id: string; fence: number }[], worker: string): Promise<Set<string>> {
  const found = await rows<{ id: string }>(
    tx,
    'held',
    `select e.id from effect e join unnest($1::bigint[], $2::integer[]) as x(id, fence)
       on e.id = x.id and e.fence = x.fence
     where e.worker = $3 and e.state = 'running' order by e.id for update of e`,
    [effects.map((each) => each.id), effects.map((each) => each.fence), worker],
  );
  return new Set(found.map((row) => row.id));
}

export interface Settlement {
  id: string;
  state: 'done' | 'failed' | 'unknown' | 'pending' | 'cancelled';
  due_at: Date | null; // for pending: when to try again
  doubtful: boolean; // the attempt may have happened
  result: Json;
  error: string | null;
}

/** The statement that writes settlements, given as a JSON array in the named parameter. */
export const settleFrom = (parameter: string): string => `
  update effect e set
    state = case when x.state = 'pending' then ${OR_SUPERSEDED} else x.state end,
    worker = null, lease_until = null, due_at = coalesce(x.due_at, e.due_at),
    unknown_since = case when x.doubtful then coalesce(e.unknown_since, e.started_at)
                         when x.state = 'pending' then e.unknown_since end,
    result = x.result, error = x.error,
    finished_at = case when x.state = 'pending' then null else clock_timestamp() end
  from jsonb_to_recordset(${parameter}::jsonb)
    as x(id bigint, state text, due_at timestamptz, doubtful boolean, result jsonb, error text)
  where e.id = x.id
  returning e.queue, e.site, e.state, e.coalesce_key, e.due_at, e.attempts`;

/**
 * Writes what became of effects; the caller holds them. Wakes their queues for retries; a trigger does for ordering keys.
 * A newer one that takes the place of one to be tried again waits as that would have: the other side asked for it.
 */
export async function settle(tx: Tx, settlements: Settlement[]): Promise<void> {
  await rows(
    tx,
    'settle',
    `with settled as (${settleFrom('$1')}),
     successors as (
       update effect w set due_at = greatest(w.due_at, s.due_at), attempts = greatest(w.attempts, s.attempts)
       from settled s
       where s.state = 'cancelled' and w.coalesce_key = s.coalesce_key and w.state = 'pending')
     ${wakeFor(`settled where state = 'pending'`)}`,
    [JSON.stringify(settlements)],
  );
}

/** Keeps a lane quiet for `ms` milliseconds. */
export async function paceLane(tx: Tx, key: string, ms: number): Promise<void> {
  await rows(
    tx,
    'pace-lane',
    `insert into lane (key, paced_until) values ($1, clock_timestamp() + $2 * interval '1 millisecond')
     on conflict (key) do update set paced_until = excluded.paced_until`,
    [key, ms],
  );
}

/** Calls back what a run has under way: it comes back at once, to be reported as aborted. */
export async function requestCancel(tx: Tx, run: number): Promise<void> {
  await rows(
    tx,
    'request-cancel',
    `with asked as (
       update effect set cancel_requested = true,
         state = case when state = 'queued' then 'pending' else state end,
         queue = case when state = 'running' then queue else 'timers' end,
         site = case when state = 'running' then site else '' end,
         due_at = case when state = 'running' then due_at else least(due_at, clock_timestamp()) end
       where id in (
         select id from effect
         where kind in ('step.run', 'step.wake') and state in ('pending', 'queued', 'running')
           and incident_id = (select incident_id from run where id = $1) and (payload->>'run')::integer = $1
         order by id for update)
       returning queue, site)
     ${wakeFor('asked')}`,
    [run],
  );
}
