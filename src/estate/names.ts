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

/** Adds a problem for each role that does not exist, and where fewer people may agree than must. */
export function checkApprovers(
  asked: { approvers: string[]; min_approvals: number; exclude_requester: boolean },
  estate: Estate,
  source: Source,
  path: Path,
  problems: Problem[],
): void {
  const { approvers: roles, min_approvals: wanted, exclude_requester } = asked;
  checkNames('role', roles, estate.roles, source, [...path, 'approvers'], problems);
  const able = approversOf(estate, roles).size - (exclude_requester ? 1 : 0);
  if (able >= wanted || roles.some((id) => !Object.hasOwn(estate.roles, id))) return;
  const who = exclude_requester ? ' when one of them is the requester, who does not count' : '';
  const message = `${wanted} must agree, but ${roles.join(', ')} leaves ${Math.max(0, able)}${who}`;
  const rule = 'min_approvals is at most the number of people with a Slack id who may agree';
  problems.push(
    source.problem([...path, 'min_approvals'], { message, rule, fix: 'add people or roles, or ask for fewer' }),
  );
}

/** People of the roles whom Slack knows, and so who can press a button. */
function approversOf(estate: Estate, roles: readonly string[]): Set<string> {
  const known = roles.flatMap((id) => (Object.hasOwn(estate.roles, id) ? [estate.roles[id]] : []));
  const people = known.flatMap((role) => role?.people ?? []).filter((id) => estate.people[id]?.slack !== undefined);
  return new Set(people);
}
