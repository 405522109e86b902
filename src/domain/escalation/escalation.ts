import type { Decision, Page } from '../effect/decision.ts';
import { NOTHING } from '../effect/decision.ts';
import type { JsonObject } from '../json.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import type { Estate, EscalationLevel, EscalationPolicy } from '../estate/model.ts';
import { referenceOf, type Incident } from '../incident/incident.ts';
import { cardIntent, inviteIntent, postIntent } from '../effect/intents.ts';
import { newcomersOf } from '../audience/told.ts';
import { notices, slackTargets } from '../audience/targets.ts';
import { holdsRole, type Holders, type RoleHolders } from '../estate/holders.ts';
import { isSamePerson } from '../estate/people.ts';
import { isOutOfReach, type OwnKey } from './reach.ts';

export function escalationOf(estate: Estate, { severity }: Pick<Incident, 'severity'>): EscalationPolicy | undefined {
  const name = estate.severities[severity].escalation;
  return Object.hasOwn(estate.escalation_policies, name) ? estate.escalation_policies[name] : undefined;
}

/** The levels of the incident's policy. */
export const policyOf = (estate: Estate, incident: Pick<Incident, 'severity'>): EscalationLevel[] =>
  escalationOf(estate, incident)?.levels ?? [];

/** When a level of the incident's ladder is due. */
export const levelDue = (
  { declared_at, ladder_from }: Pick<Incident, 'declared_at' | 'ladder_from'>,
  { after }: Pick<EscalationLevel, 'after'>,
): Date => new Date((ladder_from ?? declared_at).getTime() + after);

/** How a ladder begins that is not the first one. */
export interface LadderStart {
  /** It goes on after an acknowledgement was taken back. */
  resumed?: boolean;
  /** Whoever rings is paged anew, and their old page ends: after a raise of the severity, or all levels in vain. */
  again?: boolean;
}

type Clocked = Pick<Incident, 'id' | 'ladder' | 'declared_at' | 'ladder_from'>;

/** Timers of a ladder's levels, each at its own distance from the ladder's beginning, however late they are planned. */
export function ladderTimers(
  incident: Clocked,
  policy: EscalationLevel[],
  { from = 0, ...start }: LadderStart & { from?: number } = {},
): EffectIntent[] {
  return policy.slice(from).map((each, index) => levelTimer(incident, each, from + index, start));
}

export function levelTimer(
  incident: Clocked,
  level: Pick<EscalationLevel, 'after'>,
  index: number,
  { resumed = false, again = false }: LadderStart,
): EffectIntent {
  const { id, ladder } = incident;
  const payload = { incident: id, ladder, level: index, resumed, again };
  return intend('escalation.fire', `ladder:${id}:${ladder}:${index}`, payload, { due_at: levelDue(incident, level) });
}

/** Whether this escalation is active: nobody answered, nothing replaced it, it is not over. */
export function isActive(incident: Incident, ladder: number): boolean {
  return incident.state === 'open' && incident.acknowledged_at === null && incident.ladder === ladder;
}

export interface LevelInput {
  ladder: number;
  level: number;
  /** Who holds the paged roles now; a role whose schedule has still to be asked is missing. */
  holders: RoleHolders;
  /** Roles that an earlier ladder of this incident paged already; they are not woken again for the same reason. */
  paged: string[];
  /** Since when nobody answers; null while nobody was asked. */
  since: Date | null;
  now: Date;
  ownKey: OwnKey;
}

/** Fires one level: a page with a key of its own for each role, a direct message to each person, a notice. */
export function fireLevel(estate: Estate, incident: Incident, input: LevelInput): Decision {
  const level = policyOf(estate, incident)[input.level];
  if (!level || !isActive(incident, input.ladder)) return NOTHING;
  const wanted = level.page.filter((role) => !input.paged.includes(role));
  const isUnreached = (role: string): boolean => isOutOfReach(estate, role, peopleIn(input, role), input.ownKey);
  const [roles, unreached] = [wanted.filter((role) => !isUnreached(role)), wanted.filter(isUnreached)];
  const pages = roles.map((role) => pageOf(estate, incident, input, role, peopleIn(input, role), level.say));
  const key = `ladder:${input.ladder}:${input.level}`;
  const told = level.notify.filter((audience) => slackTargets(estate, [audience]).length > 0);
  const isSaid = input.level > 0 || incident.ladder_round > 0 || unreached.length > 0;
  return {
    ...(told.length > 0 && { incident: { told: [...new Set([...incident.told, ...told])] } }),
    events: [
      {
        kind: 'escalation.level_fired',
        actor: 'lifeboat',
        data: {
          ladder: input.ladder,
          level: input.level,
          paged: roles,
          whom: whomOf(wanted, input.holders),
          ...(unreached.length > 0 && { unreached }),
          notified: level.notify,
          say: level.say ?? null,
        },
      },
    ],
    pages,
    effects: [
      ...pages.flatMap((page) => pageEffects(estate, incident, page)),
      // The first pages stand on the card.
      ...(isSaid ? [escalationPost(incident, input, { roles, unreached }, level, key)] : []),
      ...invitation(incident, pages, key),
      ...levelNotices(estate, incident, input, level, key),
      cardIntent(incident.id, `${key}:${incident.chain_seq}`),
    ],
  };
}

/**
 * Audiences that a level tells: who was never told gets the notification, the others one line that it escalated, if anybody
 * was asked in vain. What fires at once tells only those whom the declaration does not tell anyway.
 */
function levelNotices(
  estate: Estate,
  incident: Incident,
  { level: index, since }: LevelInput,
  { after, notify, page }: EscalationLevel,
  key: string,
): EffectIntent[] {
  const told = [...incident.told, ...(after === 0 ? estate.severities[incident.severity].audiences : [])];
  const fresh = newcomersOf(estate, told, notify);
  const params = { level: index + 1, since: since?.toISOString() ?? null, roles: page };
  const known = slackTargets(
    estate,
    notify.filter((audience) => !fresh.includes(audience)),
  ).filter((to) => to !== 'incident');
  return [
    ...notices(estate, incident, fresh, key, since === null ? {} : params),
    ...(since === null ? [] : known).map((to) =>
      postIntent({ incident: incident.id, key: `escalated:${key}`, template: 'escalated', to, params }),
    ),
  ];
}

function escalationPost(
  incident: Incident,
  input: LevelInput,
  { roles, unreached }: { roles: string[]; unreached: string[] },
  level: EscalationLevel,
  key: string,
): EffectIntent {
  const waited = input.since === null ? 0 : input.now.getTime() - input.since.getTime();
  return postIntent({
    incident: incident.id,
    key: `escalation:${key}`,
    template: 'escalation',
    to: 'incident',
    params: {
      level: input.level + 1,
      ...(incident.ladder_round > 0 && { round: incident.ladder_round + 1 }),
      ...(waited >= 1000 && { after_ms: waited }),
      roles,
      people: [...new Set(roles.flatMap((role) => peopleIn(input, role)))],
      notes: notesOf(roles, input.holders),
      say: level.say ?? null,
      ...(unreached.length > 0 && { unreached, call: unreached.flatMap((role) => peopleIn(input, role)) }),
    },
  });
}

const peopleIn = ({ holders }: Pick<LevelInput, 'holders'>, role: string): string[] => [
  ...(holders[role]?.people ?? []),
];

/** Whom pages to roles wake and by whose word, for the record. */
function whomOf(roles: readonly string[], holders: RoleHolders): JsonObject[] {
  return roles.flatMap((role) => {
    const found: Holders | undefined = holders[role];
    if (!found) return [];
    const { people, source, note = null } = found;
    return [{ role, people: [...people], source, note }];
  });
}

/** Why the list stands in for a schedule, once for each reason. */
const notesOf = (roles: readonly string[], holders: RoleHolders): string[] => [
  ...new Set(roles.flatMap((role) => holders[role]?.note ?? [])),
];

/** Whoever is paged belongs into the channel; while there is none, its first invitation reads who was paged by then. */
export function invitation({ id, channel }: Incident, pages: Page[], version: string): EffectIntent[] {
  const people = [...new Set(pages.flatMap((page) => page.people))];
  return channel === null || people.length === 0 ? [] : [inviteIntent(id, `paged:${version}`, people)];
}

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
export const dedupKey = (estate: Estate, incident: Incident, page: string, role: string): string =>
  `${referenceOf(estate.name, incident)}/${page}/${role}`;

/** The role that a page's dedup key ends with. */
export const roleIn = (dedup_key: string): string => dedup_key.slice(dedup_key.lastIndexOf('/') + 1);

/** Pages that nobody answered and that ask for this person: by name, by role, or for whoever is there. */
export function pagesFor<P extends Pick<Page, 'role' | 'people'> & { state: string }>(
  estate: Estate,
  actor: string,
  pages: P[],
  holders: RoleHolders,
): P[] {
  const isAsked = ({ role, people }: P): boolean =>
    people.length === 0 ||
    people.some((each) => isSamePerson(estate, each, actor)) ||
    holdsRole(estate, actor, [role], holders);
  return pages.filter((page) => page.state === 'triggered' && isAsked(page));
}

/** The same page over two roads: the pager, and a direct message to each person. */
export function pageEffects(estate: Estate, incident: Incident, page: Page): EffectIntent[] {
  return [pagerIntent(incident.id, page.dedup_key, 'trigger'), ...directMessages(estate, incident, page)];
}

/** Names, tells and invites the people of pages that fired before it was known whom they wake. */
export function tellPeople(estate: Estate, incident: Incident, pages: Page[], holders: RoleHolders): Decision {
  if (pages.length === 0) return NOTHING;
  const roles = [...new Set(pages.map(({ role }) => role))];
  const version = `people:${incident.chain_seq}`;
  return {
    events: [{ kind: 'page.named', actor: 'lifeboat', data: { whom: whomOf(roles, holders) } }],
    effects: [
      ...pages.flatMap((page) => directMessages(estate, incident, page)),
      ...invitation(incident, pages, version),
      cardIntent(incident.id, version),
    ],
  };
}

/** Tells each person of a page that it waits for them; `again` makes it another message than the first. */
export function directMessages(estate: Estate, incident: Incident, page: Page, again = ''): EffectIntent[] {
  return page.people
    .map((person) => estate.people[person]?.slack)
    .filter((slack) => slack !== undefined)
    .map((slack) =>
      postIntent({
        incident: incident.id,
        key: `page:${page.dedup_key}${again}`,
        template: 'page',
        to: slack,
        params: { role: page.role, say: page.say, dedup_key: page.dedup_key },
      }),
    );
}

/** `again` makes it another effect than the first: an answer that was taken back may be given once more. */
export function pagerIntent(
  incident: number,
  dedup_key: string,
  action: 'trigger' | 'acknowledge' | 'resolve',
  again = '',
): EffectIntent {
  return intend('pager.send', `pager:${dedup_key}:${action}${again}`, { incident, dedup_key, action });
}

/** Gives a page to one person, once the pager has an incident for it. */
export const assignIntent = (incident: number, dedup_key: string, user: string, person: string): EffectIntent =>
  intend('pager.assign', `pager:${dedup_key}:assigned`, { incident, dedup_key, user, person });

/** A note in the pager's own record, after the page's end: by then it is known whether the page ever went out. */
export function pagerNoteIntent(incident: number, dedup_key: string): EffectIntent {
  return intend('pager.note', `pager:${dedup_key}:note`, { incident, dedup_key });
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
