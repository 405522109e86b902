import type { Page } from '../../domain/effect/decision.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

export interface PageRow extends Page {
  incident_id: number;
  state: 'triggered' | 'acknowledged' | 'resolved';
  created_at: Date;
}

export async function findPage(db: Db, dedup_key: string): Promise<PageRow | null> {
  const [row] = await rows<PageRow>(db, 'find-page', 'select * from page where dedup_key = $1', [dedup_key]);
  return row ?? null;
}

export function pagesOf(db: Db, incident: number): Promise<PageRow[]> {
  return rows<PageRow>(db, 'pages-of', 'select * from page where incident_id = $1 order by created_at, dedup_key', [
    incident,
  ]);
}

/** Moves a page's state forward; news that come late change nothing. */
export async function advancePage(tx: Tx, dedup_key: string, state: 'acknowledged' | 'resolved'): Promise<void> {
  const from = state === 'acknowledged' ? ['triggered'] : ['triggered', 'acknowledged'];
  await rows(tx, 'advance-page', 'update page set state = $2 where dedup_key = $1 and state = any($3)', [
    dedup_key,
    state,
    from,
  ]);
}

/** Moves an incident's open pages, or those of them in `only`, to `state`; returns the dedup keys of those that moved. */
export async function movePages(
  tx: Tx,
  incident: number,
  state: 'acknowledged' | 'resolved',
  only: string[] | null = null,
): Promise<string[]> {
  const from = state === 'acknowledged' ? ['triggered'] : ['triggered', 'acknowledged'];
  const moved = await rows<{ dedup_key: string }>(
    tx,
    'move-pages',
    `update page set state = $2
     where incident_id = $1 and state = any($3) and ($4::text[] is null or dedup_key = any($4)) returning dedup_key`,
    [incident, state, from, only],
  );
  return moved.map((row) => row.dedup_key).sort();
}

/** Names the people of open pages of one level that fired before they were known; returns those pages. */
export function namePeople(
  tx: Tx,
  { incident, ladder, level }: { incident: number; ladder: number; level: number },
  people: Record<string, string[]>,
): Promise<PageRow[]> {
  const named = Object.entries(people).flatMap(([role, names]) => (names.length > 0 ? [{ role, names }] : []));
  return rows<PageRow>(
    tx,
    'name-people',
    `update page p set people = x.names from jsonb_to_recordset($4::jsonb) as x(role text, names text[])
     where p.incident_id = $1 and p.ladder = $2 and p.level = $3 and p.role = x.role
       and p.people = '{}' and p.state = 'triggered'
     returning p.*`,
    [incident, ladder, level, JSON.stringify(named)],
  );
}

/**
 * The roles that pages of earlier ladders still wake. One that the pager refused, or has no incident for, wakes nobody:
 * its effect says so.
 */
export async function ringingRoles(db: Db, incident: number, ladder: number): Promise<string[]> {
  const found = await rows<{ role: string }>(
    db,
    'ringing-roles',
    `select distinct role from page p
     where incident_id = $1 and ladder > 0 and ladder < $2 and state = 'triggered'
       and not exists (
         select from effect e where e.state in ('failed', 'unknown')
           and e.key in ('pager:' || p.dedup_key || ':trigger', 'pager:' || p.dedup_key || ':arrived'))`,
    [incident, ladder],
  );
  return found.map((row) => row.role);
}

/** Gives open pages of earlier ladders to this one. */
export async function adoptPages(tx: Tx, incident: number, ladder: number, roles: string[]): Promise<void> {
  await rows(
    tx,
    'adopt-pages',
    `update page set ladder = $2
     where incident_id = $1 and role = any($3) and state = 'triggered' and ladder > 0 and ladder < $2`,
    [incident, ladder, roles],
  );
}
