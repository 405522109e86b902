import type { Estate } from '../src/domain/estate/model.ts';
import { mentionPerson } from '../src/domain/estate/people.ts';
import { hasSchedule, holdersIn, listedFor, type Holders, type RoleHolders } from '../src/domain/estate/holders.ts';
import { escapeMrkdwn } from './blocks.ts';
import { people, roleName } from './people-words.ts';
import { date } from './words.ts';

/** The people of the estate with duties, phone and e-mail, then the contact matrix. */
export function contactsText(estate: Estate): string {
  const everybody = Object.entries(estate.people).map(([id, person]) => {
    const duties = Object.entries(estate.roles)
      .filter(([, role]) => role.people.includes(id))
      .map(([role]) => role);
    const ways = [person.phone, person.email].filter((way) => way !== undefined).map((way) => escapeMrkdwn(way));
    const reach = ways.length > 0 ? ways.join(' · ') : 'no phone or e-mail in the estate';
    return `• ${mentionPerson(estate, id)} *${escapeMrkdwn(person.name)}*: ${reach}${duties.length > 0 ? `\n   ${duties.join(', ')}` : ''}`;
  });
  const matrix = whoLines(estate, Object.keys(estate.contacts));
  return [
    everybody.length > 0 ? '*Who is who*' : 'The estate lists no people: add them under `people:`.',
    ...everybody,
    ...(matrix.length > 0 ? ['', '*Whom to call*', ...matrix] : []),
  ].join('\n');
}

export const whoText = (estate: Estate, problems: string[]): string => whoLines(estate, problems).join('\n');

function whoLines(estate: Estate, problems: string[]): string[] {
  return problems.map((problem) => {
    const roles = (estate.contacts[problem] ?? []).map((role) => {
      const names = listedFor(estate, role).map((person) => reach(estate, person));
      return `${estate.roles[role]?.name ?? role} (${names.length > 0 ? names.join(', ') : 'nobody yet'})`;
    });
    return `• *${escapeMrkdwn(problem)}*: ${roles.join('; ')}`;
  });
}

function reach(estate: Estate, person: string): string {
  const phone = estate.people[person]?.phone;
  return `${mentionPerson(estate, person)}${phone === undefined ? '' : ` ${escapeMrkdwn(phone)}`}`;
}

const BY = { incident: 'in this incident', schedule: 'by the schedule', estate: 'by the estate' } as const;

/** Who is on call: schedules and whom they name, then in one line the roles that have none. One role alone is a line. */
export function onCallText(estate: Estate, roles: RoleHolders): string {
  const named = Object.keys(roles);
  const scheduled = named.filter((role) => hasSchedule(estate, role));
  const others = named.filter((role) => !scheduled.includes(role));
  const line = (role: string): string => `• ${onCallLine(estate, role, holdersIn(roles, role))}`;
  if (named.length === 1) return ['*On call now*', ...named.map(line)].join('\n');
  return [
    '*On call now*',
    ...(scheduled.length > 0 ? scheduled.map(line) : ['No role has a schedule: give one `pagerduty_schedule:`.']),
    ...(others.length > 0
      ? [`Without a schedule: ${others.map((role) => bareLine(estate, role, holdersIn(roles, role))).join('; ')}.`]
      : []),
  ].join('\n');
}

/** 'on-call: @ana until 18:00 (by the schedule)' */
export function onCallLine(estate: Estate, role: string, { people: names, source, note, until }: Holders): string {
  const strangers = names.filter((name) => !Object.hasOwn(estate.people, name)).length;
  const from = [
    BY[source],
    ...(note === undefined ? [] : [escapeMrkdwn(note)]),
    ...(strangers > 0 ? ['the estate does not list everybody: PagerDuty alone reaches them'] : []),
  ];
  const end = until === undefined ? '' : ` until ${date(until)}`;
  return `*${escapeMrkdwn(role)}*: ${people(estate, names) || 'nobody'}${end} (${from.join('; ')})`;
}

function bareLine(estate: Estate, role: string, { people: names, source }: Holders): string {
  const here = source === 'incident' ? ` ${BY.incident}` : '';
  return `${roleName(estate, role)} ${people(estate, names) || 'nobody'}${here}`;
}
