import type { Estate } from '../src/domain/estate/model.ts';
import { mentionPerson } from '../src/domain/estate/people.ts';
import { hasSchedule, holdersIn, listedFor, type Holders, type RoleHolders } from '../src/domain/estate/holders.ts';
import { escapeMrkdwn } from './blocks.ts';
import { people, roleName } from './people-words.ts';
import { code, date, within } from './words.ts';

/** An answer that is longer than a screen is not read; these many characters are. */
const BUDGET = 2000;
/** How many people of a role one line names. */
const NAMES = 6;

/** The people of the estate with duties, phone and e-mail, then the contact matrix; with words only what holds them. */
export function contactsText(estate: Estate, words = ''): string {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const isMeant = (line: string): boolean => asked.every((word) => line.toLowerCase().includes(word));
  const everybody = Object.entries(estate.people).map(([id, person]) => {
    const duties = Object.entries(estate.roles)
      .filter(([, role]) => role.people.includes(id))
      .map(([role]) => role);
    const ways = [person.phone, person.email].filter((way) => way !== undefined).map((way) => escapeMrkdwn(way));
    const reach = ways.length > 0 ? ways.join(' · ') : 'no phone or e-mail in the estate';
    return `• ${mentionPerson(estate, id)} *${escapeMrkdwn(person.name)}*: ${reach}${duties.length > 0 ? `\n   ${duties.join(', ')}` : ''}`;
  });
  if (everybody.length === 0)
    return 'The estate (the file that describes your services) lists no people: add them under `people:`.';
  const found = everybody.filter(isMeant);
  const matrix = whoLines(estate, Object.keys(estate.contacts)).filter(isMeant);
  if (found.length + matrix.length === 0)
    return `Nobody and no problem holds ${code(words)}. \`/dr contacts\` lists everybody.`;
  return [
    ...(found.length > 0 ? ['*Who is who*', ...within(found, BUDGET, '`/dr contacts &lt;name or duty&gt;`')] : []),
    ...(found.length > 0 && matrix.length > 0 ? [''] : []),
    ...(matrix.length > 0 ? ['*Whom to call*', ...within(matrix, BUDGET, '`/dr who &lt;problem&gt;`')] : []),
  ].join('\n');
}

export const whoText = (estate: Estate, problems: string[]): string =>
  within(whoLines(estate, problems), BUDGET, 'say more of the problem').join('\n');

function whoLines(estate: Estate, problems: string[]): string[] {
  return problems.map((problem) => {
    const roles = (estate.contacts[problem] ?? []).map((role) => {
      const names = listedFor(estate, role).map((person) => reach(estate, person));
      const more = names.length > NAMES ? ` and ${names.length - NAMES} more` : '';
      const shown = names.length > 0 ? `${names.slice(0, NAMES).join(', ')}${more}` : 'nobody yet';
      return `${estate.roles[role]?.name ?? role} (${shown})`;
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
  const lines = [
    ...(scheduled.length > 0 ? scheduled.map(line) : ['No role has a schedule: give one `pagerduty_schedule:`.']),
    ...(others.length > 0
      ? [`Without a schedule: ${others.map((role) => bareLine(estate, role, holdersIn(roles, role))).join('; ')}.`]
      : []),
  ];
  return ['*On call now*', ...within(lines, BUDGET, '`/dr oncall &lt;role&gt;` shows one')].join('\n');
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
