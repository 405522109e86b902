import type { Estate } from './model.ts';

/*
 * An actor is who did something: 'slack:U01ANA', 'pagerduty:PANA001', 'terminal:root' or 'lifeboat' itself. A person is
 * an entry of the estate's people. Actors are recorded, people hold roles.
 */

export const LIFEBOAT = 'lifeboat';
export const slackActor = (user: string): string => `slack:${user}`;

/** The person behind an actor, or null for somebody whom the estate does not know. */
export function personOf(estate: Estate, actor: string): string | null {
  const [kind, id] = split(actor);
  for (const [name, person] of Object.entries(estate.people)) {
    if (kind === 'slack' && person.slack === id) return name;
    if (kind === 'pagerduty' && person.pagerduty === id) return name;
  }
  return null;
}

/** The person whom the pager's schedule names: by the id there, else by the e-mail. */
export function scheduledPerson(estate: Estate, scheduled: { pagerduty: string; email?: string }): string | null {
  const byId = personOf(estate, `pagerduty:${scheduled.pagerduty}`);
  if (byId !== null || scheduled.email === undefined) return byId;
  const email = scheduled.email.toLowerCase();
  return Object.entries(estate.people).find(([, person]) => person.email?.toLowerCase() === email)?.[0] ?? null;
}

/** How an actor is shown in Slack: a mention where there is a Slack account, else a name. */
export function mention(estate: Estate, actor: string): string {
  const [kind, id] = split(actor);
  if (kind === 'slack') return `<@${id}>`;
  const person = personOf(estate, actor);
  if (person !== null) return mentionPerson(estate, person);
  return actor === LIFEBOAT ? 'Lifeboat' : actor;
}

export function mentionPerson(estate: Estate, person: string): string {
  const known = estate.people[person];
  if (!known) return person;
  return known.slack === undefined ? known.name : `<@${known.slack}>`;
}

/** Who an actor is, in plain words: the person's name where the estate knows them. */
export function plainName(estate: Estate, actor: string): string {
  const person = personOf(estate, actor);
  return (person === null ? undefined : estate.people[person]?.name) ?? actor;
}

/** Whether the actor is one of the people whom the estate lists for any of these roles. */
export function holdsRole(estate: Estate, actor: string, roles: string[]): boolean {
  const person = personOf(estate, actor);
  return person !== null && roles.some((role) => estate.roles[role]?.people.includes(person) ?? false);
}

function split(actor: string): [string, string] {
  const at = actor.indexOf(':');
  return at < 0 ? [actor, ''] : [actor.slice(0, at), actor.slice(at + 1)];
}
