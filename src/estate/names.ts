import type { Estate } from '../domain/estate/model.ts';
import { unknownName, type Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** Adds a problem for each name at `path` (a name or a list of names) that `known` does not have. */
export function checkNames(
  noun: string,
  used: string | readonly string[] | undefined,
  known: object | readonly string[],
  source: Source,
  path: Path,
  problems: Problem[],
): void {
  const names = Array.isArray(known) ? (known as readonly string[]) : Object.keys(known);
  const set = new Set(names);
  const list = used === undefined ? [] : typeof used === 'string' ? [used] : used;
  for (const [index, name] of list.entries()) {
    if (set.has(name)) continue;
    const place = typeof used === 'string' ? path : [...path, index];
    problems.push(source.problem(place, unknownName(noun, name, names)));
  }
}

/** People of the roles whom Slack knows, and so who can press a button. */
export function approversOf(estate: Estate, roles: readonly string[]): Set<string> {
  const known = roles.flatMap((id) => (Object.hasOwn(estate.roles, id) ? [estate.roles[id]] : []));
  const people = known.flatMap((role) => role?.people ?? []).filter((id) => estate.people[id]?.slack !== undefined);
  return new Set(people);
}
