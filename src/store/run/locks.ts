import { rows, type Db, type Tx } from '../../postgres/db.ts';

/** Who holds a lock, and since when. */
export interface Lock {
  name: string;
  run_id: number;
  incident_id: number;
  person: string; // an actor
  at: Date;
}

/**
 * Takes all of these locks for a run, or none: null, or a lock that another run holds. In the order of their names, so
 * that two who want several never wait for each other in a ring; who comes second waits until the first one's
 * transaction is over. The end of the run frees them (a trigger of the table `run`).
 */
export async function takeLocks(tx: Tx, names: string[], by: Omit<Lock, 'name'>): Promise<Lock | null> {
  if (names.length === 0) return null;
  for (;;) {
    const taken = await rows<{ name: string }>(
      tx,
      'take-locks',
      `insert into lock (name, run_id, incident_id, person, at)
       select name, $2, $3, $4, $5 from unnest($1::text[]) as wanted(name) order by name
       on conflict (name) do nothing returning name`,
      [names, by.run_id, by.incident_id, by.person, by.at],
    );
    if (taken.length === new Set(names).size) return null;
    await rows(tx, 'give-locks-back', 'delete from lock where run_id = $1', [by.run_id]);
    const [held] = await heldLocks(tx, names);
    // Nobody holds one any more: its run ended between the two statements.
    if (held) return held;
  }
}

/** Those of the locks that runs hold now. */
export function heldLocks(db: Db, names: string[]): Promise<Lock[]> {
  return rows<Lock>(db, 'held-locks', 'select * from lock where name = any($1) order by name', [names]);
}
