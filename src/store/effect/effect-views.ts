import type { EffectKind } from '../../domain/effect/effect.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { rows, type Db } from '../../postgres/db.ts';

export interface Delivery {
  id: string;
  key: string;
  kind: EffectKind;
  payload: JsonObject;
  state: 'pending' | 'queued' | 'running' | 'done' | 'failed' | 'unknown' | 'cancelled';
  due_at: Date;
  attempts: number;
  unknown_since: Date | null;
  error: string | null;
  created_at: Date;
  /** Others of its ordering key go first. */
  blocked: boolean;
}

/**
 * Sends of an incident that are not over or went wrong, oldest first; timers that wait for their time, and the look
 * whether a page arrived, are not sends.
 */
export function openDeliveries(db: Db, incident: number): Promise<Delivery[]> {
  return rows<Delivery>(
    db,
    'open-deliveries',
    `select id, key, kind, payload, state, due_at, attempts, unknown_since, error, created_at, blocked from effect
     where incident_id = $1 and state <> 'done' and state <> 'cancelled' and queue in ('chat', 'pages')
       and (kind <> 'pager.confirm' or state = 'failed')
     order by id limit 100`,
    [incident],
  );
}

/** How many sends of an incident are not over or went wrong, by state. */
export function deliveryCounts(db: Db, incident: number): Promise<{ state: Delivery['state']; count: number }[]> {
  return rows(
    db,
    'delivery-counts',
    `select state, count(*)::integer as count from effect
     where incident_id = $1 and state <> 'done' and state <> 'cancelled' and queue in ('chat', 'pages')
       and (kind <> 'pager.confirm' or state = 'failed')
     group by state`,
    [incident],
  );
}

/**
 * Steps of an incident, and looks at services before a recovery, that were due `after_ms` ago and that no worker took
 * since, oldest first; a look belongs to no run yet.
 */
export async function strandedSteps(
  db: Db,
  incident: number,
  after_ms: number,
): Promise<{ run: number | null; step: string; site: string | null; since: Date }[]> {
  return rows(
    db,
    'stranded-steps',
    `select (payload->>'run')::integer as run, coalesce(payload->>'step', 'recover ' || (payload->>'service')) as step, due_at as since,
       nullif(site, '') as site
     from effect
     where incident_id = $1 and kind in ('step.run', 'recovery.assess') and state in ('pending', 'queued')
       and due_at < clock_timestamp() - $2 * interval '1 millisecond'
     order by due_at, id limit 10`,
    [incident, after_ms],
  );
}

/** What an effect returned, or null when it is not done. */
export async function resultOf(db: Db, key: string): Promise<Json> {
  const [row] = await rows<{ result: Json }>(
    db,
    'effect-result',
    `select result from effect where key = $1 and state = 'done'`,
    [key],
  );
  return row?.result ?? null;
}

/** Effects that are under way, and those in trouble of incidents that are not closed, by queue and state. */
export function effectCounts(db: Db): Promise<{ queue: string; state: string; count: number }[]> {
  return rows(
    db,
    'effect-counts',
    `select queue, state, count(*)::integer as count from effect
     where state in ('pending', 'queued', 'running') group by queue, state
     union all
     select e.queue, e.state, count(*)::integer from incident i
     join effect e on e.incident_id = i.id and e.state in ('failed', 'unknown')
     where i.state <> 'closed' group by e.queue, e.state`,
    [],
  );
}

/** Whether the effect with this key is still to be done. */
export async function isOpen(db: Db, key: string): Promise<boolean> {
  const found = await rows(
    db,
    'effect-open',
    `select from effect where key = $1 and state in ('pending', 'queued', 'running')`,
    [key],
  );
  return found.length > 0;
}

/** Whether effects of this ordering key are still to be done, or it rests. */
export async function isBusy(db: Db, ordering_key: string): Promise<boolean> {
  const [row] = await rows<{ busy: boolean }>(
    db,
    'ordering-busy',
    `select exists (select from effect where ordering_key = $1 and state in ('pending', 'queued', 'running'))
       or exists (select from lane where key = $1 and paced_until > clock_timestamp()) as busy`,
    [ordering_key],
  );
  return row?.busy ?? false;
}

/** How many other sends of an incident are still to be done. */
export async function otherSends(db: Db, incident: number, id: string): Promise<number> {
  const [row] = await rows<{ count: number }>(
    db,
    'other-sends',
    `select count(*)::integer as count from effect
     where incident_id = $1 and id <> $2 and queue = 'chat' and state in ('pending', 'queued', 'running')`,
    [incident, id],
  );
  return row?.count ?? 0;
}

/** What became of these effects; `age_ms` by the database's clock. */
export function outcomesOf(
  db: Db,
  keys: string[],
): Promise<{ key: string; state: Delivery['state']; result: Json; error: string | null; age_ms: number }[]> {
  return rows(
    db,
    'effect-outcomes',
    `select key, state, result, error,
       (extract(epoch from clock_timestamp() - created_at) * 1000)::integer as age_ms
     from effect where key = any($1)`,
    [keys],
  );
}

/** A message with buttons that was sent, or is being sent. */
export interface ButtonedPost {
  state: Delivery['state'];
  template: string;
  params: JsonObject;
  /** Where it stands; null while it does not. */
  place: { channel: string; ts: string } | null;
}

/** Messages of an incident whose templates have buttons that somebody's answer ends, newest first. */
export async function buttonedPosts(db: Db, incident: number): Promise<ButtonedPost[]> {
  const found = await rows<{
    state: Delivery['state'];
    payload: JsonObject;
    channel: string | null;
    ts: string | null;
  }>(
    db,
    'buttoned-posts',
    `select state, payload, result->>'channel' as channel, result->>'ts' as ts from effect
     where incident_id = $1 and kind = 'message.post' and state in ('running', 'done')
       and payload->>'template' in ('page', 'escalation', 'page-failed', 'page-unconfirmed', 'recovery-asked')
     order by id desc limit 100`,
    [incident],
  );
  return found.map(({ state, payload, channel, ts }) => ({
    state,
    template: typeof payload['template'] === 'string' ? payload['template'] : '',
    params: isObject(payload['params']) ? payload['params'] : {},
    place: channel === null || ts === null ? null : { channel, ts },
  }));
}

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
