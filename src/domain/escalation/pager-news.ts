import type { PageFacts } from '../incident/facts.ts';
import { merge, NOTHING, type Decision } from '../effect/decision.ts';
import { cardIntent, postIntent, postsIntent } from '../effect/intents.ts';
import { isSamePerson, PAGER } from '../estate/people.ts';
import type { Estate } from '../estate/model.ts';
import { acknowledge } from '../incident/decisions.ts';
import type { Incident } from '../incident/incident.ts';
import { directMessages, invitation, ladderTimers, policyOf } from './escalation.ts';

/** What the pager tells of a page, by the pager's own word for it. */
export const PAGER_NEWS = [
  'acknowledged',
  'unacknowledged',
  'reassigned',
  'delegated',
  'escalated',
  'priority_updated',
  'annotated',
  'reopened',
  'resolved',
] as const;

export interface PagerNews {
  kind: (typeof PAGER_NEWS)[number];
  /** Who did it; `pagerduty` for what the pager did by itself. */
  actor: string;
  /** Whether the pager rings now; null where it does not say. */
  status: PageFacts['state'] | null;
  /** Whom it rings now, as people of the estate or the pager's actors; null where it does not say. */
  people: string[] | null;
  /** The note, or the priority's name. */
  text: string | null;
}

export interface PageChange {
  state: PageFacts['state'];
  answered_by: string | null;
  people: string[];
}

/** What news from the pager mean for a page and its incident. */
export function takePagerNews(
  estate: Estate,
  incident: Incident,
  page: PageFacts,
  news: PagerNews,
  now: Date,
): { change: PageChange; decision: Decision } {
  const change = changeOf(incident, page, news);
  const effective = isEffective(page, change) || !MOVES.includes(news.kind);
  if (!effective) return { change, decision: NOTHING }; // what Lifeboat itself asked for comes back like this
  const back = page.state !== 'triggered' && change.state === 'triggered';
  const resumed = back && restsOn(estate, incident, page);
  const asked = MOVES.includes(news.kind) ? change.people.filter((each) => !page.people.includes(each)) : [];
  return {
    change,
    decision: merge(
      noted(incident, page, news, change, resumed),
      answers(incident, page, news) ? acknowledge(incident, news.actor, [], now) : NOTHING,
      resumed ? resume(estate, incident, now) : NOTHING,
      asked.length === 0 || incident.state !== 'open' ? NOTHING : tell(estate, incident, { ...page, people: asked }),
    ),
  };
}

/** News that give a page to other people. */
const MOVES: readonly string[] = ['reassigned', 'delegated', 'escalated'];

function changeOf({ state: of }: Incident, page: PageFacts, { kind, actor, status, people }: PagerNews): PageChange {
  const { state, answered_by = null } = page;
  const same = { state, answered_by, people: page.people };
  if (kind === 'acknowledged') return state === 'triggered' ? { ...same, state: kind, answered_by: actor } : same;
  if (kind === 'resolved') {
    const by = answered_by ?? (actor === PAGER ? null : actor);
    return { ...same, state: kind, answered_by: by };
  }
  if (of !== 'open') return same; // what is over is not opened again from the pager
  if (kind === 'unacknowledged') return state === 'acknowledged' ? RINGS(same) : same;
  if (kind === 'reopened') return RINGS(same);
  if (!MOVES.includes(kind)) return same;
  const moved = { ...same, people: people !== null && people.length > 0 ? people : page.people };
  return status === 'triggered' && state === 'acknowledged' ? RINGS(moved) : moved;
}

const RINGS = (change: PageChange): PageChange => ({ ...change, state: 'triggered', answered_by: null });

const isEffective = (page: PageFacts, change: PageChange): boolean =>
  page.state !== change.state || change.people.join('\n') !== page.people.join('\n');

/** A person's answer stops the ladder. Who answers a page of a ladder that was replaced may not know what the new one asks. */
function answers(incident: Incident, page: PageFacts, { kind, actor }: PagerNews): boolean {
  const current = page.ladder === 0 || page.ladder === incident.ladder;
  const answered = kind === 'acknowledged' || (kind === 'resolved' && actor !== PAGER);
  return answered && current && incident.state === 'open' && incident.acknowledged_at === null;
}

/** Whether the incident counts as acknowledged because of the answer to this page: both are the same person's. */
function restsOn(estate: Estate, { acknowledged_by }: Incident, { answered_by = null }: PageFacts): boolean {
  return acknowledged_by !== null && answered_by !== null && isSamePerson(estate, acknowledged_by, answered_by);
}

/**
 * The ladder climbs on from where it was, under a new number. Its clock stood still while the acknowledgement held, so a
 * level that had five minutes left has five minutes left. Levels that are past are looked at again at once, by role: one
 * whose page somebody else answered stays quiet, one whose page rings is told again without a second page, and one whose
 * page never arrived is paged anew.
 */
function resume(estate: Estate, incident: Incident, now: Date): Decision {
  const held = now.getTime() - (incident.acknowledged_at ?? now).getTime();
  const from = incident.ladder_from ?? incident.declared_at;
  const next = { ...incident, ladder: incident.ladder + 1, ladder_from: new Date(from.getTime() + held) };
  const { ladder, ladder_from } = next;
  return {
    incident: { acknowledged_at: null, acknowledged_by: null, unanswered_from: now, ladder, ladder_from },
    events: [],
    effects: ladderTimers(next, policyOf(estate, next), { resumed: true }),
  };
}

function tell(estate: Estate, incident: Incident, page: PageFacts): Decision {
  const version = `:${incident.chain_seq}`;
  return {
    events: [],
    effects: [
      ...(page.state === 'triggered' ? directMessages(estate, incident, page, version) : []),
      ...invitation(incident, [page], `pager${version}`),
    ],
  };
}

/** What happened goes into the timeline, and into the channel but for a plain answer, which the card shows. */
function noted(
  incident: Incident,
  page: PageFacts,
  { kind, actor, text }: PagerNews,
  { people }: PageChange,
  resumed: boolean,
): Decision {
  const { dedup_key, role } = page;
  const version = `pager:${incident.chain_seq}`;
  const moved = MOVES.includes(kind) ? { people } : {};
  const data = { dedup_key, role, ...moved, ...(text !== null && { text }), ...(resumed && { resumed }) };
  const params = { news: kind, actor, role, people: moved.people ?? [], text, resumed };
  return {
    events: [{ kind: `page.${kind}`, actor, data }],
    effects: [
      ...(kind === 'acknowledged'
        ? []
        : [postIntent({ incident: incident.id, key: version, template: 'pager-news', to: 'incident', params })]),
      cardIntent(incident.id, version),
      // The buttons of the page's direct messages go, or are there again.
      postsIntent(incident.id, version),
    ],
  };
}
