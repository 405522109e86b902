import { rows, type Db } from '../../postgres/db.ts';

/** Whoever acted on an incident, was paged for it or holds a role in it: people of the estate and actors, each once. */
export async function whoActed(db: Db, incident: number): Promise<string[]> {
  const found = await rows<{ person: string }>(
    db,
    'who-acted',
    `select distinct person from (
       select actor as person from event where incident_id = $1
       union all select unnest(people) from page where incident_id = $1
       union all select person from role_assignment where incident_id = $1) as known
     where person <> 'lifeboat' order by person`,
    [incident],
  );
  return found.map(({ person }) => person);
}
