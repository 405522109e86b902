import type { Estate } from './model.ts';

/*
 * An actor is who did something: 'slack:U01ANA', 'pagerduty:PANA001:Ana Ito', 'terminal:root' or 'lifeboat' itself. A person
 * is an entry of the estate's people. Actors are recorded, people hold roles. An id of a person has no colon, so a list may
 * hold both people and actors whom the estate does not know.
 */

export const LIFEBOAT = 'lifeboat';
/** What the pager did by itself: an acknowledgement that ran out, a step of its own escalation. */
export const PAGER = 'pagerduty';
export const slackActor = (user: string): string => `slack:${user}`;

/** A user of the pager with the name that it gives, for whoever the estate does not list. */
export const pagerActor = (id: string, name: string | null): string => {
  const plain = (name ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 80);
  return plain === '' ? `pagerduty:${id}` : `pagerduty:${id}:${plain}`;
};

/** The person behind an actor, or null for somebody whom the estate does not know. */
export function personOf(estate: Estate, actor: string): string | null {
  const { kind, id } = split(actor);
  for (const [name, person] of Object.entries(estate.people)) {
    if (kind === 'slack' && person.slack === id) return name;
    if (kind === 'pagerduty' && person.pagerduty === id) return name;
  }
  return null;
}

/** What an actor goes by in timelines: the accounts of the person behind it, or the actor itself. */
export function identitiesOf(estate: Estate, actor: string): string[] {
  const person = personOf(estate, actor);
  const { slack, pagerduty } = (person === null ? undefined : estate.people[person]) ?? {};
  const { kind, id } = split(actor);
  const known = [
    `${kind}:${id}`,
    ...(slack === undefined ? [] : [slackActor(slack)]),
    ...(pagerduty === undefined ? [] : [`${PAGER}:${pagerduty}`]),
  ];
  return [...new Set(known)];
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
  const { kind, id } = split(actor);
  if (kind === 'slack') return `<@${id}>`;
  const person = personOf(estate, actor);
  if (person !== null) return mentionPerson(estate, person);
  return strangerName(actor) ?? (actor === LIFEBOAT ? 'Lifeboat' : actor);
}

/** A person of the estate, or an actor whom it does not list. */
export function mentionPerson(estate: Estate, person: string): string {
  const known = Object.hasOwn(estate.people, person) ? estate.people[person] : undefined;
  if (!known) return person.includes(':') ? mention(estate, person) : person;
  return known.slack === undefined ? known.name : `<@${known.slack}>`;
}

/** Who an actor or a person is, in plain words: the person's name where the estate knows them. */
export function plainName(estate: Estate, actor: string): string {
  const person = Object.hasOwn(estate.people, actor) ? actor : personOf(estate, actor);
  return (person === null ? undefined : estate.people[person]?.name) ?? strangerName(actor) ?? actor;
}

/** The pager's own name for somebody whom the estate does not list: an id would tell people nothing. */
function strangerName(actor: string): string | null {
  const { kind, id, name } = split(actor);
  if (kind !== PAGER) return null;
  if (id === '') return 'PagerDuty';
  return name === '' ? 'somebody in PagerDuty' : name;
}

/** The Slack id of an actor or a person of the estate; null for whoever has none. */
export function slackOf(estate: Estate, actor: string): string | null {
  const { kind, id } = split(actor);
  if (kind === 'slack') return id;
  const person = Object.hasOwn(estate.people, actor) ? actor : personOf(estate, actor);
  return (person === null ? undefined : estate.people[person]?.slack) ?? null;
}

/** Whether both mean one person: each is a person of the estate or an actor. */
export function isSamePerson(estate: Estate, one: string, other: string): boolean {
  const identity = (each: string): string => {
    if (Object.hasOwn(estate.people, each)) return each;
    const { kind, id } = split(each);
    return personOf(estate, each) ?? `${kind}:${id}`;
  };
  return identity(one) === identity(other);
}

/** Only the pager's actors have a name behind their id. */
function split(actor: string): { kind: string; id: string; name: string } {
  const [kind = '', id = '', ...name] = actor.split(':');
  if (kind !== PAGER) return { kind, id: [id, ...name].join(':'), name: '' };
  return { kind, id, name: name.join(':') };
}
