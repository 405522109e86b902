import type { Approval, Vote } from '../../domain/approval/approval.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

export async function findApproval(db: Db, id: string): Promise<Approval | null> {
  const [row] = await rows<Approval>(db, 'find-approval', 'select * from approval where id = $1', [id]);
  return row ?? null;
}

/** Approvals and manual tasks of an incident that wait for people, oldest first. */
export function openApprovals(db: Db, incident: number): Promise<Approval[]> {
  return rows<Approval>(
    db,
    'open-approvals',
    `select * from approval where incident_id = $1 and state = 'open' order by created_at, id`,
    [incident],
  );
}

export function votesOf(db: Db, approval: string): Promise<(Vote & { at: Date })[]> {
  return rows(
    db,
    'votes-of',
    'select person, decision, comment, at from approval_decision where approval_id = $1 order by at',
    [approval],
  );
}

export async function insertVote(tx: Tx, approval: string, vote: Vote, at: Date): Promise<void> {
  await rows(
    tx,
    'insert-vote',
    'insert into approval_decision (approval_id, person, decision, comment, at) values ($1, $2, $3, $4, $5)',
    [approval, vote.person, vote.decision, vote.comment, at],
  );
}

export async function setApprovalState(tx: Tx, id: string, state: Approval['state'], at: Date): Promise<void> {
  const values = [id, state, at];
  await rows(tx, 'set-approval-state', 'update approval set state = $2, decided_at = $3 where id = $1', values);
}

/** How many requests of an incident are open, or were within the last `ms`. */
export async function recentlyOpen(db: Db, incident: number, ms: number): Promise<number> {
  const [row] = await rows<{ count: number }>(
    db,
    'recently-open-approvals',
    `select count(*)::integer as count from approval
     where incident_id = $1 and (state = 'open' or decided_at > clock_timestamp() - $2 * interval '1 millisecond')`,
    [incident, ms],
  );
  return row?.count ?? 0;
}

/** Stops the time of a run's open requests; what is left of it is kept. */
export async function stopClocks(tx: Tx, run: number, now: Date): Promise<string[]> {
  const stopped = await rows<{ id: string }>(
    tx,
    'stop-approval-clocks',
    `update approval
     set left_ms = greatest(0, extract(epoch from expires_at - $2::timestamptz) * 1000)::integer, expires_at = null
     where run_id = $1 and state = 'open' and expires_at is not null
     returning id`,
    [run, now],
  );
  return stopped.map(({ id }) => id);
}

/** Lets the time of a run's open requests go on; returns when each is over. */
export function startClocks(tx: Tx, run: number, now: Date): Promise<{ id: string; expires_at: Date }[]> {
  return rows(
    tx,
    'start-approval-clocks',
    `update approval
     set expires_at = $2::timestamptz + left_ms * interval '1 millisecond', left_ms = null
     where run_id = $1 and state = 'open' and left_ms is not null
     returning id, expires_at`,
    [run, now],
  );
}

/** Cancels what is still asked for steps that no longer wait; returns the ids. */
export async function cancelStale(tx: Tx, run: number): Promise<string[]> {
  const stale = await rows<{ id: string }>(
    tx,
    'cancel-stale-approvals',
    `update approval a set state = 'cancelled', decided_at = clock_timestamp() from step s
     where a.run_id = $1 and a.state = 'open' and s.run_id = a.run_id and s.step_id = a.step_id
       and s.state not in ('waiting_approval', 'waiting_manual') returning a.id`,
    [run],
  );
  return stale.map((row) => row.id);
}
