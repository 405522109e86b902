import type { Decision, Page } from '../effect/decision.ts';
import { NOTHING } from '../effect/decision.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import type { Estate, EscalationLevel } from '../estate/model.ts';
import { referenceOf, type Incident } from '../incident/incident.ts';
import { cardIntent, postIntent } from '../effect/intents.ts';
import { holdsRole, personOf } from '../estate/people.ts';

export function policyOf(estate: Estate, incident: Pick<Incident, 'severity'>): EscalationLevel[] {
  return estate.escalation_policies[estate.severities[incident.severity].escalation] ?? [];
}

/** Timers of a ladder's levels, each at its own distance from the declaration, however late they are planned. */
export function ladderTimers(
  incident: Pick<Incident, 'id' | 'ladder' | 'declared_at'>,
  policy: EscalationLevel[],
  from = 0,
): EffectIntent[] {
  const { id, ladder, declared_at } = incident;
  return policy.slice(from).map(({ after }, index) => {
    const payload = { incident: id, ladder, level: from + index };
    const due_at = new Date(declared_at.getTime() + after);
    return intend('escalation.fire', `ladder:${id}:${ladder}:${from + index}`, payload, { due_at });
  });
}

/** Whether this escalation is active: nobody answered, nothing replaced it, it is not over. */
export function isActive(incident: Incident, ladder: number): boolean {
  return incident.state === 'open' && incident.acknowledged_at === null && incident.ladder === ladder;
}

export interface LevelInput {
  ladder: number;
  level: number;
  /** Who holds each paged role now, as person ids of the estate. */
  people: Record<string, string[]>;
  /** Roles that an earlier ladder of this incident paged already; they are not woken again for the same reason. */
  paged: string[];
}

/** Fires one level: a page with a key of its own for each role, a direct message to each person, a notice. */
export function fireLevel(estate: Estate, incident: Incident, input: LevelInput): Decision {
  const level = policyOf(estate, incident)[input.level];
  if (!level || !isActive(incident, input.ladder)) return NOTHING;
  const roles = level.page.filter((role) => !input.paged.includes(role));
  const pages = roles.map((role) => pageOf(estate, incident, input, role, input.people[role] ?? [], level.say));
  const key = `ladder:${input.ladder}:${input.level}`;
  return {
    events: [
      {
        kind: 'escalation.level_fired',
        actor: 'lifeboat',
        data: {
          ladder: input.ladder,
          level: input.level,
          paged: roles,
          notified: level.notify,
          say: level.say ?? null,
        },
      },
    ],
    pages,
    effects: [
      ...pages.flatMap((page) => pageEffects(estate, incident, page)),
      ...(input.level > 0 || level.say ? [escalationPost(incident, input, roles, level, key)] : []),
      ...notices(estate, incident, untold(estate, incident, level), key),
      cardIntent(incident.id, `${key}:${incident.chain_seq}`),
    ],
  };
}

/** What fires at once tells only those whom the declaration does not tell anyway. */
function untold(estate: Estate, incident: Incident, { after, notify }: EscalationLevel): string[] {
  const told = after === 0 ? estate.severities[incident.severity].audiences : [];
  return notify.filter((audience) => !told.includes(audience));
}

function escalationPost(incident: Incident, input: LevelInput, roles: string[], level: EscalationLevel, key: string) {
  return postIntent({
    incident: incident.id,
    key: `escalation:${key}`,
    template: 'escalation',
    to: 'incident',
    params: {
      level: input.level + 1,
      after_ms: level.after,
      roles,
      people: peopleOf(input, roles),
      say: level.say ?? null,
    },
  });
}

const peopleOf = (input: LevelInput, roles: string[]): string[] => [
  ...new Set(roles.flatMap((role) => input.people[role] ?? [])),
];

function pageOf(
  estate: Estate,
  incident: Incident,
  { ladder, level }: { ladder: number; level: number },
  role: string,
  people: string[],
  say: string | undefined,
): Page {
  const dedup_key = dedupKey(estate, incident, `${ladder}.${level}`, role);
  return { dedup_key, ladder, level, role, people, say: say ?? null };
}

/** PagerDuty wakes nobody for a key whose alert is open, so it is one incident's alone. At most 255 letters. */
const dedupKey = (estate: Estate, incident: Incident, page: string, role: string): string =>
  `${referenceOf(estate.name, incident)}/${page}/${role}`;

/** The role that a page's dedup key ends with. */
export const roleIn = (dedup_key: string): string => dedup_key.slice(dedup_key.lastIndexOf('/') + 1);

/** Pages that nobody answered and that ask for this person: by name, by role, or for whoever is there. */
export function pagesFor<P extends Pick<Page, 'role' | 'people'> & { state: string }>(
  estate: Estate,
  actor: string,
  pages: P[],
): P[] {
  const person = personOf(estate, actor) ?? '';
  return pages.filter(
    ({ state, people, role }) =>
      state === 'triggered' && (people.length === 0 || people.includes(person) || holdsRole(estate, actor, [role])),
  );
}

/** The same page over two roads: the pager, and a direct message to each person. */
export function pageEffects(estate: Estate, incident: Incident, page: Page): EffectIntent[] {
  return [pagerIntent(incident.id, page.dedup_key, 'trigger'), ...directMessages(estate, incident, page)];
}

/** Tells the people of pages that fired before it was known whom they wake. */
export function tellPeople(estate: Estate, incident: Incident, pages: Page[]): Decision {
  if (pages.length === 0) return NOTHING;
  const told = pages.flatMap((page) => directMessages(estate, incident, page));
  return { events: [], effects: [...told, cardIntent(incident.id, `people:${incident.chain_seq}`)] };
}

function directMessages(estate: Estate, incident: Incident, page: Page): EffectIntent[] {
  return page.people
    .map((person) => estate.people[person]?.slack)
    .filter((slack) => slack !== undefined)
    .map((slack) =>
      postIntent({
        incident: incident.id,
        key: `page:${page.dedup_key}`,
        template: 'page',
        to: slack,
        params: { role: page.role, say: page.say, dedup_key: page.dedup_key },
      }),
    );
}

export function pagerIntent(
  incident: number,
  dedup_key: string,
  action: 'trigger' | 'acknowledge' | 'resolve',
): EffectIntent {
  return intend('pager.send', `pager:${dedup_key}:${action}`, { incident, dedup_key, action });
}

/** A note in the pager's own record, after the page's end: by then it is known whether the page ever went out. */
export function pagerNoteIntent(incident: number, dedup_key: string): EffectIntent {
  return intend('pager.note', `pager:${dedup_key}:note`, { incident, dedup_key });
}

/** Posts the incident notification to audiences over Slack; those whose text needs consent are left to their own way. */
export function notices(
  estate: Estate,
  incident: Pick<Incident, 'id'>,
  audiences: string[],
  key: string,
): EffectIntent[] {
  return slackTargets(estate, audiences).map((to) =>
    postIntent({ incident: incident.id, key: `notice:${key}`, template: 'incident-notification', to }),
  );
}

/** Where audiences read in Slack: 'incident' or a '#channel', each once. */
export function slackTargets(estate: Estate, audiences: string[]): string[] {
  const targets = audiences.flatMap((name) => {
    const audience = estate.audiences[name];
    if (!audience?.slack || audience.consent) return [];
    return [audience.slack === 'incident-channel' ? 'incident' : audience.slack];
  });
  return [...new Set(targets)];
}

/** A page that a person asked for, outside any ladder; `nonce` makes its key its own. */
export function manualPage(
  estate: Estate,
  incident: Incident,
  input: { role: string; people: string[]; text: string | null; nonce: string },
): Page {
  return {
    dedup_key: dedupKey(estate, incident, `m${input.nonce}`, input.role),
    ladder: 0,
    level: 0,
    role: input.role,
    people: input.people,
    say: input.text,
  };
}
