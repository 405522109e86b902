import type { Approval } from '../../domain/approval/approval.ts';
import type { SeenLook, WaitingApproval, WaitingPage } from '../../domain/incident/home.ts';
import type { ServiceLook } from '../../domain/health/look.ts';
import { rows, type Db } from '../../postgres/db.ts';

/** Requests and tasks that wait for people in any incident, oldest first, with where each was posted. */
export async function waitingApprovals(db: Db, limit = 100): Promise<WaitingApproval[]> {
  const found = await rows<
    Approval & { requested_by: string; run_name: string; voted: string[]; channel: string | null; ts: string | null }
  >(
    db,
    'waiting-approvals',
    `select a.*, r.requested_by, r.name as run_name, e.result->>'channel' as channel, e.result->>'ts' as ts,
       array(select person from approval_decision d where d.approval_id = a.id) as voted
     from incident i join approval a on a.incident_id = i.id and a.state = 'open'
     join run r on r.id = a.run_id
     left join effect e on e.key = 'approval:' || a.id || ':post' and e.state = 'done'
     where i.state <> 'closed' and i.state = 'open'
     order by a.created_at limit $1`,
    [limit],
  );
  return found.map(({ requested_by, run_name, voted, channel, ts, ...approval }) => ({
    ...{ approval, requested_by, voted, run: run_name },
    place: channel === null || ts === null ? null : { channel, ts },
  }));
}

/** Pages of real incidents that nobody answered, newest first. */
export function waitingPages(db: Db, limit = 200): Promise<WaitingPage[]> {
  return rows<WaitingPage>(
    db,
    'waiting-pages',
    `select p.* from page p join incident i on i.id = p.incident_id
     where p.state = 'triggered' and i.id > 0 and i.state = 'open'
     order by p.created_at desc limit $1`,
    [limit],
  );
}

export function rolesIn(db: Db, incidents: number[]): Promise<{ incident_id: number; role: string; person: string }[]> {
  return rows(db, 'roles-in', 'select incident_id, role, person from role_assignment where incident_id = any($1)', [
    incidents,
  ]);
}

/** The newest look at each service, of the newest looks that there are. */
export async function lastLooks(db: Db): Promise<SeenLook[]> {
  const found = await rows<{ looks: ServiceLook[] | null; at: Date }>(
    db,
    'last-looks',
    `select result->'looks' as looks, coalesce(finished_at, created_at) as at from effect
     where kind in ('health.look', 'recovery.assess') and state = 'done' order by id desc limit 100`,
    [],
  );
  const all = found.flatMap(({ looks, at }) => (looks ?? []).map((look) => ({ look, at })));
  return [...new Map(all.toReversed().map((each) => [each.look.service, each])).values()];
}
