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
}

/** Sends of an incident that are not over or went wrong, oldest first; timers that wait for their time are not sends. */
export function openDeliveries(db: Db, incident: number): Promise<Delivery[]> {
  return rows<Delivery>(
    db,
    'open-deliveries',
    `select id, key, kind, payload, state, due_at, attempts, unknown_since, error, created_at from effect
     where incident_id = $1 and state <> 'done' and state <> 'cancelled' and queue in ('chat', 'pages')
     order by id limit 100`,
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

/** Effects by queue and state, for the metrics. */
export function effectCounts(db: Db): Promise<{ queue: string; state: string; count: number }[]> {
  return rows(
    db,
    'effect-counts',
    `select queue, state, count(*)::integer as count from effect where state <> 'done' group by queue, state`,
    [],
  );
}
