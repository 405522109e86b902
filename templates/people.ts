import type { Estate } from '../src/domain/estate/model.ts';
import { mentionPerson } from '../src/domain/estate/people.ts';
import { escapeMrkdwn } from './blocks.ts';

/** The people of the estate with duties, phone and e-mail, then the contact matrix. */
export function contactsText(estate: Estate): string {
  const people = Object.entries(estate.people).map(([id, person]) => {
    const duties = Object.entries(estate.roles)
      .filter(([, role]) => role.people.includes(id))
      .map(([role]) => role);
    const ways = [person.phone, person.email].filter((way) => way !== undefined).map((way) => escapeMrkdwn(way));
    const reach = ways.length > 0 ? ways.join(' · ') : 'no phone or e-mail in the estate';
    return `• ${mentionPerson(estate, id)} *${escapeMrkdwn(person.name)}*: ${reach}${duties.length > 0 ? `\n   ${duties.join(', ')}` : ''}`;
  });
  const matrix = whoLines(estate, Object.keys(estate.contacts));
  return [
    people.length > 0 ? '*Who is who*' : 'The estate lists no people: add them under `people:`.',
    ...people,
    ...(matrix.length > 0 ? ['', '*Whom to call*', ...matrix] : []),
  ].join('\n');
}

export const whoText = (estate: Estate, problems: string[]): string => whoLines(estate, problems).join('\n');

function whoLines(estate: Estate, problems: string[]): string[] {
  return problems.map((problem) => {
    const roles = (estate.contacts[problem] ?? []).map((role) => {
      const people = (estate.roles[role]?.people ?? []).map((person) => reach(estate, person));
      return `${estate.roles[role]?.name ?? role} (${people.length > 0 ? people.join(', ') : 'nobody yet'})`;
    });
    return `• *${escapeMrkdwn(problem)}*: ${roles.join('; ')}`;
  });
}

function reach(estate: Estate, person: string): string {
  const phone = estate.people[person]?.phone;
  return `${mentionPerson(estate, person)}${phone === undefined ? '' : ` ${escapeMrkdwn(phone)}`}`;
}

interface OnCall {
  role: string;
  people: string[]; // mentions
  source: 'schedule' | 'estate';
  note?: string;
}

export function onCallText(roles: OnCall[]): string {
  const lines = roles.map(({ role, people, source, note }) => {
    const who = people.length > 0 ? people.join(', ') : 'nobody';
    const from = source === 'schedule' ? 'by the schedule' : 'by the estate';
    return `• *${role}*: ${who} (${from}${note === undefined ? '' : `; ${escapeMrkdwn(note)}`})`;
  });
  return ['*On call now*', ...lines].join('\n');
}
