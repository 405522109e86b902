import type { Estate } from './model.ts';
import { isSamePerson, personOf } from './people.ts';

/*
 * Who holds a role is judged here and nowhere else: whoever was assigned in the incident, else whom the schedule names,
 * else the people whom the estate lists. Nothing else may read that list to say who may act or who is paged.
 */

/** What the pager's schedule said about a role. Somebody whom the estate does not list stands there as the pager's actor. */
export type ScheduleAnswer = { kind: 'named'; people: string[]; until?: Date } | { kind: 'unread'; reason: string };

/** Answers for roles that have a schedule; asked before any transaction begins, since the pager may be silent. */
export type Scheduled = Readonly<Record<string, ScheduleAnswer>>;

/** Asks for those of the roles that have a schedule. It never throws and never waits long. */
export type ReadSchedules = (estate: Estate, roles: readonly string[]) => Promise<Scheduled>;

export interface Holders {
  /** People of the estate by their id, others as actors. */
  people: readonly string[];
  source: 'incident' | 'schedule' | 'estate';
  /** When the schedule names somebody else, if the pager says. */
  until?: Date;
  /** Why the list stands in for the schedule. */
  note?: string;
}

declare const resolved: unique symbol;
/** Holders by role. The mark makes `resolveHolders` the only way to one, so that no bare list passes for it. */
export type RoleHolders = Readonly<Record<string, Holders>> & { readonly [resolved]: true };

/** Who holds these roles now, of what the incident and the schedules say. */
export function resolveHolders(
  estate: Estate,
  roles: readonly string[],
  assigned: readonly { role: string; person: string }[],
  scheduled: Scheduled,
): RoleHolders {
  const found = roles.map((role) => [role, holdersOf(estate, role, assigned, scheduled)] as const);
  return Object.fromEntries(found) as RoleHolders;
}

function holdersOf(
  estate: Estate,
  role: string,
  assigned: readonly { role: string; person: string }[],
  scheduled: Scheduled,
): Holders {
  const actor = assigned.find((each) => each.role === role)?.person;
  const person = actor === undefined ? null : personOf(estate, actor);
  if (person !== null) return { people: [person], source: 'incident' };
  const listed = listedFor(estate, role);
  if (!hasSchedule(estate, role)) return { people: listed, source: 'estate' };
  const answer = Object.hasOwn(scheduled, role) ? scheduled[role] : undefined;
  if (answer?.kind === 'named' && answer.people.length > 0) {
    const { people, until } = answer;
    return { people, source: 'schedule', ...(until && { until }) };
  }
  const note =
    answer?.kind === 'named'
      ? 'the schedule names nobody now'
      : `the schedule cannot be read: ${answer?.reason ?? 'it was not asked'}`;
  return { people: listed, source: 'estate', note };
}

/** Whether a person may be named for this role only by a schedule that has to be asked. */
export const hasSchedule = (estate: Estate, role: string): boolean =>
  Object.hasOwn(estate.roles, role) && estate.roles[role]?.pagerduty_schedule !== undefined;

/** The people whom the estate lists for a role: the last resort, never the first. */
export const listedFor = (estate: Estate, role: string): string[] =>
  Object.hasOwn(estate.roles, role) ? (estate.roles[role]?.people ?? []) : [];

/** Whether the actor holds any of these roles, of holders that were looked up for all of them. */
export function holdsRole(estate: Estate, actor: string, roles: readonly string[], holders: RoleHolders): boolean {
  return roles.some((role) => holdersIn(holders, role).people.some((each) => isSamePerson(estate, each, actor)));
}

/** The holders of a role that was looked up; asking for another one is a mistake of the program. */
export function holdersIn(holders: RoleHolders, role: string): Holders {
  const found = Object.hasOwn(holders, role) ? holders[role] : undefined;
  if (!found) throw new Error(`who holds the role ${role} was not looked up`);
  return found;
}
