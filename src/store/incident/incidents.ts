import type { ChainOwner, Incident, IncidentState } from '../../domain/incident/incident.ts';
import type { Mode } from '../../domain/incident/subject.ts';
import type { SeverityId } from '../../domain/estate/model.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

/** Locks the incident for this transaction; `now` is the database's clock, to the millisecond. */
export async function lockIncident(tx: Tx, id: number): Promise<{ incident: Incident; now: Date } | null> {
  const [row] = await rows<Incident & { db_now: Date }>(
    tx,
    'lock-incident',
    `select *, date_trunc('milliseconds', clock_timestamp()) as db_now from incident where id = $1 for update`,
    [id],
  );
  if (!row) return null;
  const { db_now, ...incident } = row;
  return { incident, now: db_now };
}

/**
 * Locks several incidents for writing to their chains, in the order of their numbers, so that two who lock several
 * never wait for each other in a ring.
 */
export async function lockChains(tx: Tx, ids: number[]): Promise<{ incidents: ChainOwner[]; now: Date }> {
  const found = await rows<ChainOwner & { db_now: Date }>(
    tx,
    'lock-chains',
    `select id, chain_seq, chain_hash, chain_seal, date_trunc('milliseconds', clock_timestamp()) as db_now from incident
     where id = any($1) order by id for update`,
    [ids],
  );
  const now = found.at(-1)?.db_now ?? new Date(0); // of the last lock: nothing that others wrote lies after it
  return { incidents: found, now };
}

export interface Declaration {
  title: string;
  severity: SeverityId;
  service: string | null;
  declared_by: string;
  origin_channel: string | null;
  mode: Mode;
}

interface Numbered {
  id: number;
  now: Date;
}

/** The next number of an incident or, below 0, of a drill, and the database's clock. */
function nextNumber(tx: Tx, mode: Mode): Promise<Numbered[]> {
  if (mode === 'drill') {
    return rows<Numbered>(
      tx,
      'next-drill',
      `select -nextval('drill_number')::integer as id, date_trunc('milliseconds', clock_timestamp()) as now`,
      [],
    );
  }
  return rows<Numbered>(
    tx,
    'next-incident',
    `select nextval(pg_get_serial_sequence('incident', 'id'))::integer as id,
            date_trunc('milliseconds', clock_timestamp()) as now`,
    [],
  );
}

/** Inserts an incident whose name is made from its number by `nameOf`; T0 is the database's clock. */
export async function insertIncident(
  tx: Tx,
  declaration: Declaration,
  nameOf: (id: number, title: string) => string,
): Promise<{ incident: Incident; now: Date }> {
  const [next] = await nextNumber(tx, declaration.mode);
  if (!next) throw new Error('the incident sequence gave no number');
  const { title, severity, service, declared_by, origin_channel } = declaration;
  const [incident] = await rows<Incident>(
    tx,
    'insert-incident',
    `insert into incident (id, name, title, severity, service, declared_by, declared_at, origin_channel)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`,
    [next.id, nameOf(next.id, title), title, severity, service, declared_by, next.now, origin_channel],
  );
  if (!incident) throw new Error('the insert returned no incident');
  return { incident, now: next.now };
}

export async function findIncident(db: Db, id: number): Promise<Incident | null> {
  const [row] = await rows<Incident>(db, 'find-incident', 'select * from incident where id = $1', [id]);
  return row ?? null;
}

/** The incident of a channel and those (no drills) that are not closed and in the given states, newest first; one round trip. */
export async function incidentsNear(
  db: Db,
  channel: string | null,
  states: IncidentState[],
): Promise<{ here: Incident | null; live: Incident[] }> {
  const found = await rows<Incident & { here: boolean }>(
    db,
    'incidents-near',
    `(select *, true as here from incident where channel = $1)
     union all
     (select *, false as here from incident
      where id > 0 and state <> 'closed' and state = any($2) order by id desc limit 50)`,
    [channel, states],
  );
  const plain = ({ here: _here, ...incident }: Incident & { here: boolean }): Incident => incident;
  const here = found.find((row) => row.here);
  return { here: here ? plain(here) : null, live: found.filter((row) => !row.here).map(plain) };
}

/** Incidents, no drills, in the given states, newest first; only where closed ones are asked for are those of the past looked at. */
export function listIncidents(db: Db, states: IncidentState[], limit = 50): Promise<Incident[]> {
  if (states.includes('closed')) {
    return rows<Incident>(
      db,
      'list-all-incidents',
      'select * from incident where id > 0 and state = any($1) order by id desc limit $2',
      [states, limit],
    );
  }
  return rows<Incident>(
    db,
    'list-incidents',
    `select * from incident where id > 0 and state <> 'closed' and state = any($1) order by id desc limit $2`,
    [states, limit],
  );
}

/** Drills in the given states, newest first. */
export function listDrills(db: Db, states: IncidentState[], limit = 50): Promise<Incident[]> {
  if (states.includes('closed')) {
    return rows<Incident>(
      db,
      'list-all-drills',
      'select * from incident where id < 0 and state = any($1) order by id limit $2',
      [states, limit],
    );
  }
  return rows<Incident>(
    db,
    'list-drills',
    `select * from incident where id < 0 and state <> 'closed' and state = any($1) order by id limit $2`,
    [states, limit],
  );
}

/** How many incidents, no drills, are open. */
export async function countOpen(db: Db): Promise<number> {
  const [row] = await rows<{ count: number }>(
    db,
    'count-open',
    `select count(*)::integer as count from incident where id > 0 and state <> 'closed' and state = 'open'`,
    [],
  );
  return row?.count ?? 0;
}

export interface RoleHolder {
  role: string;
  person: string; // an actor
  at: Date;
}

export function roleHolders(db: Db, incident: number): Promise<RoleHolder[]> {
  return rows<RoleHolder>(
    db,
    'role-holders',
    'select role, person, at from role_assignment where incident_id = $1 order by role',
    [incident],
  );
}

export async function setRole(tx: Tx, incident: number, role: string, person: string, at: Date): Promise<void> {
  await rows(
    tx,
    'set-role',
    `insert into role_assignment (incident_id, role, person, at) values ($1, $2, $3, $4)
     on conflict (incident_id, role) do update set person = excluded.person, at = excluded.at`,
    [incident, role, person, at],
  );
}
