import type { Estate } from '../../domain/estate/model.ts';
import {
  PUBLIC_DAYS,
  publicStatus,
  type PublicIncident,
  type PublicStatus,
} from '../../domain/incident/public-status.ts';
import { rows, type Db } from '../../postgres/db.ts';

/**
 * Reads what the public may see, in one round trip. It selects no title, text, person or channel: what is not read
 * cannot be shown by mistake. Drills are nobody's outage: their numbers are below 0. A duplicate's service is hit as long
 * as the incident is open in which it goes on.
 */
export async function readPublicStatus(db: Db, estate: Estate): Promise<PublicStatus> {
  const found = await rows<(PublicIncident | { state: null }) & { now: Date }>(
    db,
    'public-status',
    `with clock as (select date_trunc('milliseconds', clock_timestamp()) as now),
     shown as (
       select severity, service, state, declared_at, resolved_at, next_update_due from incident
       where id > 0 and state <> 'closed' and state = 'open'
       union all
       select severity, service, state, declared_at, resolved_at, next_update_due from incident
       where id > 0 and state <> 'open' and resolved_at > statement_timestamp() - interval '${PUBLIC_DAYS} days'
         and merged_into is null
       union all
       select d.severity, d.service, i.state, d.declared_at, i.resolved_at, i.next_update_due from incident i
       join incident d on d.merged_into = i.id
       where i.id > 0 and i.state <> 'closed' and i.state = 'open' and d.service is not null)
     select clock.now, shown.* from clock left join shown on true`,
    [],
  );
  const [first] = found;
  if (!first) throw new Error('the clock gave no row');
  return publicStatus(
    estate,
    found.flatMap((row) => (row.state === null ? [] : [row])),
    first.now,
  );
}
