import { createHash } from 'node:crypto';
import type { Estate } from '../../../src/domain/estate/model.ts';
import type { StandInSchedule, StandInService, StandInUser } from '@lifeboat/stand-ins/pagerduty/types';
import type { ChannelSeed, UserSeed } from '@lifeboat/stand-ins/slack/defaults';

/*
 * The estate's people and places in the stand-ins. Ids follow from names, so that a state stored earlier still fits.
 */

/** Everybody of the estate who has a Slack id. */
export function slackUsers(estate: Estate): UserSeed[] {
  return Object.entries(estate.people).flatMap(([name, person]) =>
    person.slack === undefined
      ? []
      : [
          {
            ...{ id: person.slack, name, realName: person.name, title: titleOf(estate, name) },
            ...(person.email !== undefined && { email: person.email }),
          },
        ],
  );
}

/** What somebody is first called for. */
function titleOf(estate: Estate, person: string): string {
  const roles = Object.entries(estate.roles).filter(([, { people }]) => people.includes(person));
  const [first] = roles.sort(([, one], [, other]) => one.people.indexOf(person) - other.people.indexOf(person));
  return first === undefined ? '' : (first[1].name ?? first[0]);
}

/** #general, and each channel that is an audience. */
export function slackChannels(estate: Estate): ChannelSeed[] {
  const audiences = Object.values(estate.audiences).flatMap(({ slack }) =>
    slack?.startsWith('#') ? [slack.slice(1)] : [],
  );
  return ['general', ...new Set(audiences)].map((name) => ({ id: `C0${idOf(name)}`, name }));
}

/** Everybody who can be paged: people with an e-mail address. */
export function pagerUsers(estate: Estate): StandInUser[] {
  return Object.entries(estate.people).flatMap(([id, { name, email, pagerduty }]) =>
    email === undefined ? [] : [{ id: pagerduty ?? `P0${idOf(id)}`, name, email }],
  );
}

/** A schedule for each role: its people in order. */
export function pagerSchedules(estate: Estate): StandInSchedule[] {
  const ids = new Map(Object.entries(estate.people).map(([id, { pagerduty }]) => [id, pagerduty ?? `P0${idOf(id)}`]));
  const known = new Set(pagerUsers(estate).map(({ id }) => id));
  return Object.entries(estate.roles).map(([id, role]) => ({
    id: scheduleOf(id, role.pagerduty_schedule),
    name: role.name ?? id,
    users: role.people.map((person) => ids.get(person) ?? '').filter((person) => known.has(person)),
  }));
}

/** A service with a routing key of its own for each role, so that the telephone of the right person rings. */
export function pagerServices(estate: Estate, salt: string): Record<string, StandInService> {
  return Object.fromEntries(
    Object.entries(estate.roles).map(([id, role]) => [
      routingKey(id, salt),
      { name: role.name ?? id, schedule: scheduleOf(id, role.pagerduty_schedule) },
    ]),
  );
}

/** PagerDuty: 32 characters. */
const routingKey = (role: string, salt: string): string => digest(`${salt} ${role}`).slice(0, 32);

/** The environment variables by which Lifeboat finds each role's service. */
export function routingEnvironment(estate: Estate, salt: string): Record<string, string> {
  const [first = ''] = Object.keys(estate.roles);
  const own = Object.keys(estate.roles).map((role): [string, string] => [
    `PAGERDUTY_ROUTING_KEY_${role.toUpperCase().replaceAll('-', '_')}`,
    routingKey(role, salt),
  ]);
  return { PAGERDUTY_ROUTING_KEY: routingKey(first, salt), ...Object.fromEntries(own) };
}

const scheduleOf = (role: string, known: string | undefined): string => known ?? `P0S${idOf(role)}`;
const idOf = (name: string): string => digest(name).slice(0, 8).toUpperCase();
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
