import { holdersIn, type RoleHolders } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { mention, mentionPerson } from '../src/domain/estate/people.ts';
import type { IncidentFacts } from './facts.ts';
import { code, listed, userLine } from './words.ts';

export const COMMANDER = 'incident-commander';

const MENTION = /^<@[A-Z0-9]+>$/;

/** An actor as a mention or a name; what is no Slack id cannot become mark-up. */
export const who = (estate: Estate, actor: string): string => safe(mention(estate, actor));
export const whoPerson = (estate: Estate, person: string): string => safe(mentionPerson(estate, person));

const safe = (text: string): string => (MENTION.test(text) ? text : userLine(text, 80));

export const people = (estate: Estate, names: readonly string[]): string =>
  listed(names.map((name) => whoPerson(estate, name)));

/** How to reach people by voice, a line for each: 'Ben: call +1-555-0102'. */
export const callLines = (estate: Estate, names: readonly string[]): string[] =>
  [...new Set(names)].map((name) => {
    const { phone, email } = (Object.hasOwn(estate.people, name) ? estate.people[name] : undefined) ?? {};
    if (phone !== undefined) return `${whoPerson(estate, name)}: call ${code(phone)}`;
    return `${whoPerson(estate, name)}: ${email === undefined ? 'the estate has no phone number either' : `write to ${userLine(email)}, there is no phone number`}`;
  });

/** 'Incident commander' of 'incident-commander', or the name that the estate gives it. */
export function roleName(estate: Estate, role: string): string {
  const name = (Object.hasOwn(estate.roles, role) ? estate.roles[role]?.name : undefined) ?? role.replaceAll('-', ' ');
  return userLine(name.charAt(0).toUpperCase() + name.slice(1), 80);
}

/** The people who may act for these roles now: 'Incident commander (@a or @b)'. */
export function roleWithPeople(estate: Estate, role: string, holders: RoleHolders): string {
  const names = holdersIn(holders, role).people.map((person) => whoPerson(estate, person));
  return names.length === 0 ? roleName(estate, role) : `${roleName(estate, role)} (${listed(names, 'or')})`;
}

export function commanderOf({ roles, estate }: IncidentFacts): string | null {
  const holder = roles.findLast((each) => each.role === COMMANDER);
  return holder ? who(estate, holder.person) : null;
}

/** Whom to ask: the commander, else those who were paged first, else who declared it. */
export function contactOf(facts: IncidentFacts): string {
  const commander = commanderOf(facts);
  if (commander !== null) return `${commander} (${roleName(facts.estate, COMMANDER)})`;
  const { estate, incident } = facts;
  const first = facts.pages.find((page) => page.people.length > 0);
  if (first !== undefined) return `${people(estate, first.people)} (${roleName(estate, first.role)})`;
  return `${who(estate, incident.declared_by)} (who declared it)`;
}
