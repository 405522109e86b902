import * as z from 'zod';
import { PAGER_NEWS, type PagerNews } from '../domain/escalation/pager-news.ts';
import type { Estate } from '../domain/estate/model.ts';
import { PAGER, pagerActor, personOf } from '../domain/estate/people.ts';
import type { PagerIncident } from '../verbs/page/record-pager-event.ts';

const reference = z.object({ id: z.string(), type: z.string().nullish(), summary: z.string().nullish() });

/** What Lifeboat reads of a webhook. A note's data is the note, with its incident beside it. */
export const WEBHOOK = z.object({
  event: z.object({
    id: z.string().min(1),
    event_type: z.string(),
    occurred_at: z.string().nullish(),
    agent: reference.nullish(),
    data: z
      .object({
        id: z.string().nullish(),
        incident_key: z.string().nullish(),
        status: z.enum(['triggered', 'acknowledged', 'resolved']).nullish().catch(null),
        assignees: z.array(reference).nullish(),
        priority: z.object({ summary: z.string().nullish() }).nullish(),
        incident: reference.nullish(),
        content: z.string().nullish(),
      })
      .nullish(),
  }),
});

export type WebhookEvent = z.infer<typeof WEBHOOK>['event'];

export interface PagerEventRead {
  actor: string;
  of: PagerIncident;
  /** Null where there is only the incident's id to remember. */
  news: PagerNews | null;
}

/** Agents that are people. */
const PERSON = /^user(_reference)?$/;
/** What came in by an integration's key is Lifeboat's own: it would answer itself. */
const OWN = /inbound_integration/;

/** What a webhook says of one of our pages; null for what concerns nobody. */
export function readPagerEvent({ event_type, agent, data }: WebhookEvent, estate: Estate): PagerEventRead | null {
  const word = event_type.replace(/^incident\./, '');
  const note = word === 'annotated';
  const of = {
    dedup_key: data?.incident_key ?? null,
    pager_id: (note ? data?.incident?.id : data?.id) ?? null,
  };
  if (of.dedup_key === null && of.pager_id === null) return null;
  const person = agent && PERSON.test(agent.type ?? '');
  const actor = person ? pagerActor(agent.id, agent.summary ?? null) : PAGER;
  if (event_type === 'incident.triggered') return { actor, of, news: null };
  const kind = PAGER_NEWS.find((each) => event_type === `incident.${each}`);
  if (kind === undefined || (agent && OWN.test(agent.type ?? ''))) return null;
  if (kind === 'acknowledged' && !person) return null; // a machine wakes nobody, and answers for nobody
  const people = (data?.assignees ?? []).map((each) => {
    const assignee = pagerActor(each.id, each.summary ?? null);
    return personOf(estate, assignee) ?? assignee;
  });
  const text = note ? (data?.content ?? null) : (data?.priority?.summary ?? null);
  const status = data?.status ?? null;
  const told = kind === 'annotated' || kind === 'priority_updated' ? text : null;
  return { actor, of, news: { kind, actor, status, people: data?.assignees ? people : null, text: told } };
}
