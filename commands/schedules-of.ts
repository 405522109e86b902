import type { ReadSchedules } from '../src/domain/estate/holders.ts';
import { kindOf } from '../src/domain/incident/subject.ts';
import type { CommandDeps } from './command.ts';

/** The schedules as an incident may ask them: nothing of a drill reaches the outside, so there the list stands in. */
export const schedulesOf = (incident: number, { schedules }: Pick<CommandDeps, 'schedules'>): ReadSchedules =>
  kindOf(incident) === 'drill' ? notInDrill : schedules;

const notInDrill: ReadSchedules = (_estate, roles) =>
  Promise.resolve(
    Object.fromEntries(roles.map((role) => [role, { kind: 'unread', reason: 'a drill asks no schedule' }] as const)),
  );
