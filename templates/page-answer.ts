import { label } from '../src/domain/incident/subject.ts';
import type { Holders } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { callLines, people, roleName, whoPerson } from './people-words.ts';
import { listed, userLine } from './words.ts';

/** What a page by hand did, for whoever typed it: only what is so, and whom to call where nothing reaches them. */
export interface PageAnswer {
  incident: number;
  /** A role of the estate, or a person's id. */
  role: string;
  holders: Holders;
  /** Whether the pager is asked to give the page to the person by name. */
  assigned: boolean;
  /** Roles that the pager reaches by the default integration, which also takes pages to a person. */
  shared: readonly string[];
}

export function pageAnswer(estate: Estate, { incident, role, holders, assigned, shared }: PageAnswer): string {
  const { people: names, note } = holders;
  if (Object.hasOwn(estate.roles, role)) {
    const strangers = names.filter((name) => !Object.hasOwn(estate.people, name));
    const more = [
      ...(strangers.length > 0
        ? [`The estate does not list ${people(estate, strangers)}: PagerDuty alone reaches them.`]
        : []),
      ...(note === undefined ? [] : [`These are the people whom the estate lists, since ${userLine(note, 300)}.`]),
    ];
    return [
      `Paging ${role} (${names.map((name) => whoPerson(estate, name)).join(', ') || 'nobody by name'}) for ${label(incident)}.`,
      ...more,
    ].join(' ');
  }
  const who = whoPerson(estate, role);
  const behind = `whoever is on call behind its default integration${shared.length === 0 ? '' : ` (${listed(shared.map((each) => roleName(estate, each)))})`}`;
  if (assigned) {
    return `Paging ${who} for ${label(incident)}: PagerDuty is asked to assign its incident to them. Until it has, it rings ${behind}.`;
  }
  const why =
    estate.people[role]?.pagerduty === undefined
      ? 'the estate names no PagerDuty user for them'
      : '`PAGERDUTY_API_TOKEN` or `PAGERDUTY_FROM` is not set';
  return `${who} gets a direct message for ${label(incident)}. PagerDuty cannot ring them by name, since ${why}: it rings ${behind}.`;
}

/** For people whom neither the pager nor the chat reaches: nothing was sent, and this is how to reach them. */
export function callThem(estate: Estate, names: readonly string[]): string {
  const ways = callLines(estate, names).map((way) => `• ${way}`);
  return `Nobody was paged: Lifeboat reaches them neither in PagerDuty nor in Slack.\n${ways.join('\n')}`;
}
