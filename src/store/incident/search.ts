import type { Incident } from '../../domain/incident/incident.ts';
import { COUNTED, PAGE, type IncidentSearch } from '../../domain/incident/search.ts';
import type { Db } from '../../postgres/db.ts';

/** The expression of the index `event_words`. */
const WORDS = `to_tsvector('simple', coalesce(data->>'title', '') || ' ' || coalesce(data->>'description', '') || ' ' ||
  coalesce(data->>'text', '') || ' ' || coalesce(data->>'summary', ''))`;
const TOLD = `kind in ('incident.declared', 'update.posted', 'note.added', 'incident.resolved')`;
const DONE = `kind in ('incident.declared', 'incident.acknowledged', 'incident.resolved')`;
const identity = (of: string): string => `split_part(${of}, ':', 1) || ':' || split_part(${of}, ':', 2)`;

/**
 * One page of the incidents that fit, newest first, and how many there are: at most `COUNTED` are counted. The statement
 * is made of what is asked for and is not prepared, so that the planner knows the values and takes the index that fits.
 */
export async function searchIncidents(
  db: Db,
  search: IncidentSearch,
  page: number,
): Promise<{ shown: Incident[]; total: number }> {
  const { text, values } = searchStatement(search);
  const found = (await db.query<Incident>(text, values)).rows;
  return { shown: found.slice((page - 1) * PAGE, page * PAGE), total: found.length };
}

/** The statement for a search. */
export function searchStatement(search: IncidentSearch): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const value = (each: unknown): string => `$${values.push(each)}`;
  // Quoted, a word is read as the index reads its text, whatever signs it holds; its last part may be a beginning.
  const sets = search.words.map(
    (word) =>
      `select incident_id from event where ${TOLD} and ${WORDS} @@ to_tsquery('simple', ${value(quotedWord(word))})`,
  );
  if (search.person !== null) {
    const who = value(search.person);
    sets.push(`(select incident_id from event where ${DONE} and (${identity('actor')}) = any(${who})
      union select incident_id from event where kind = 'role.assigned' and (${identity(`data->>'person'`)}) = any(${who}))`);
  }
  const fits = ['i.id > 0'];
  if (search.service !== null) fits.push(`i.service = ${value(search.service)}`);
  if (search.severity !== null) fits.push(`i.severity = ${value(search.severity)}`);
  if (search.state !== null) {
    fits.push(`i.state = ${value(search.state)}`);
    if (search.state !== 'closed') fits.push(`i.state <> 'closed'`);
  }
  if (search.from !== null) fits.push(`i.declared_at >= ${value(search.from)}`);
  if (search.to !== null) fits.push(`i.declared_at < ${value(search.to)}`);
  const found = sets.length === 0 ? '' : `with found as materialized (${sets.join(' intersect ')})`;
  const from = sets.length === 0 ? 'incident i' : 'found f join incident i on i.id = f.incident_id';
  const text = `${found} select i.* from ${from} where ${fits.join(' and ')} order by i.id desc limit ${COUNTED + 1}`;
  return { text, values };
}

const quotedWord = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`;
