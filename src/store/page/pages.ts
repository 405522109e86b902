import type { Page } from '../../domain/effect/decision.ts';
import type { RoleHolders } from '../../domain/estate/holders.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

export interface PageRow extends Page {
  incident_id: number;
  state: 'triggered' | 'acknowledged' | 'resolved';
  created_at: Date;
  answered_by: string | null;
  answered_at: Date | null;
  /** The pager's own id of the page's incident, once a webhook named it. */
  pager_id: string | null;
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

/** The page behind the pager's own id of an incident, for news that name nothing else. */
export async function findPageByPagerId(db: Db, pager_id: string): Promise<PageRow | null> {
  const [row] = await rows<PageRow>(
    db,
    'find-page-by-pager-id',
    'select * from page where pager_id = $1 order by created_at desc limit 1',
    [pager_id],
  );
  return row ?? null;
}

/** What the pager says of a page is so: it rings where the pager rings. */
export async function changePage(
  tx: Tx,
  dedup_key: string,
  change: Pick<PageRow, 'state' | 'answered_by' | 'people'>,
  pager_id: string | null,
  now: Date,
): Promise<void> {
  await rows(
    tx,
    'change-page',
    `update page set state = $2, answered_by = $3, people = $4, pager_id = coalesce($5, pager_id),
       answered_at = case when $3::text is null then null else coalesce(answered_at, $6) end
     where dedup_key = $1`,
    [dedup_key, change.state, change.answered_by, change.people, pager_id, now],
  );
}

/** Somebody answers these open pages of an incident; returns the dedup keys of those that they answered. */
export async function answerPages(
  tx: Tx,
  incident: number,
  dedup_keys: string[],
  by: { actor: string; now: Date },
): Promise<string[]> {
  const moved = await rows<{ dedup_key: string }>(
    tx,
    'answer-pages',
    `update page set state = 'acknowledged', answered_by = $3, answered_at = $4
     where incident_id = $1 and dedup_key = any($2) and state = 'triggered' returning dedup_key`,
    [incident, dedup_keys, by.actor, by.now],
  );
  return moved.map((row) => row.dedup_key).sort();
}

/** Resolves an incident's open pages; returns their dedup keys. */
export async function resolvePages(tx: Tx, incident: number): Promise<string[]> {
  const moved = await rows<{ dedup_key: string }>(
    tx,
    'resolve-pages',
    `update page set state = 'resolved' where incident_id = $1 and state <> 'resolved' returning dedup_key`,
    [incident],
  );
  return moved.map((row) => row.dedup_key).sort();
}

/** Names the people of open pages of one level that fired before they were known; returns those pages. */
export function namePeople(
  tx: Tx,
  { incident, ladder, level }: { incident: number; ladder: number; level: number },
  holders: RoleHolders,
): Promise<PageRow[]> {
  const named = Object.entries(holders).flatMap(([role, { people: names }]) =>
    names.length > 0 ? [{ role, names }] : [],
  );
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

/** Roles whose last page of earlier ladders somebody answered, and that nobody took back. */
export async function answeredRoles(db: Db, incident: number, ladder: number): Promise<string[]> {
  const found = await rows<{ role: string }>(
    db,
    'answered-roles',
    `select role from (
       select distinct on (role) role, state from page where incident_id = $1 and ladder > 0 and ladder < $2
       order by role, created_at desc, level desc) newest
     where state <> 'triggered'`,
    [incident, ladder],
  );
  return found.map((row) => row.role);
}

/** Ends pages of earlier ladders to these roles, since new ones take their place; returns their dedup keys. */
export async function replacePages(tx: Tx, incident: number, ladder: number, roles: string[]): Promise<string[]> {
  const moved = await rows<{ dedup_key: string }>(
    tx,
    'replace-pages',
    `update page set state = 'resolved'
     where incident_id = $1 and role = any($3) and state <> 'resolved' and ladder > 0 and ladder < $2
     returning dedup_key`,
    [incident, ladder, roles],
  );
  return moved.map((row) => row.dedup_key).sort();
}

/** Gives open pages of earlier ladders to this one, and returns them. */
export function adoptPages(tx: Tx, incident: number, ladder: number, roles: string[]): Promise<PageRow[]> {
  return rows<PageRow>(
    tx,
    'adopt-pages',
    `update page set ladder = $2
     where incident_id = $1 and role = any($3) and state = 'triggered' and ladder > 0 and ladder < $2 returning *`,
    [incident, ladder, roles],
  );
}
