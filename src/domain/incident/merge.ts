import { merge as together, type Decision } from '../effect/decision.ts';
import { inviteIntent, postIntent, postsIntent } from '../effect/intents.ts';
import { readersOf } from '../audience/told.ts';
import { pagerIntent, pagerNoteIntent } from '../escalation/escalation.ts';
import type { Estate } from '../estate/model.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { shown } from './decisions.ts';
import { archiveIntent } from './ending.ts';
import { changeService } from './identity.ts';
import { label, type Incident } from './incident.ts';
import { kindOf } from './subject.ts';

/** Throws unless `from` may end as a duplicate of `into`. */
export function refuseMerge(from: Incident, into: Incident): void {
  const [one, other] = [label(from.id), label(into.id)];
  const no = (what: string, fix: string): LifeboatError => new LifeboatError('conflict', what, fix);
  if (from.id === into.id) throw no(`${one} cannot be merged into itself`, '`/dr merge INC-8 into INC-7`');
  if (kindOf(from.id) !== kindOf(into.id))
    throw no(`one of ${one} and ${other} is a drill and the other is real`, 'merge drills with drills only');
  if (from.merged_into !== null)
    throw no(`${one} was merged into ${label(from.merged_into)} already`, `\`/dr status ${one}\` leads there`);
  if (from.state === 'closed') throw no(`${one} is closed`, `open it again first: \`/dr reopen ${one} <reason>\``);
  if (into.state === 'open') return;
  const on = into.merged_into === null ? '' : `, and goes on as ${label(into.merged_into)}`;
  const fix =
    into.merged_into === null
      ? `open it again first with \`/dr reopen ${other} <reason>\`, or merge ${other} into ${one}`
      : `\`/dr merge ${one} into ${label(into.merged_into)}\``;
  throw no(`${other} is ${into.state}${on}`, fix);
}

export interface Merging {
  actor: string;
  openPages: string[];
  /** Who worked on the duplicate, as people of the estate or actors. */
  people: string[];
}

/**
 * One of two incidents ends as the duplicate of the other. Its pages end, its channel says where it goes on, and whoever
 * worked on it is invited there. A service that only the duplicate names is the other's from then on.
 */
export function mergeInto(
  estate: Estate,
  from: Incident,
  into: Incident,
  { actor, openPages, people }: Merging,
  now: Date,
): { from: Decision; into: Decision } {
  return {
    from: ended(estate, from, into, { actor, openPages }, now),
    into: taken(estate, from, into, { actor, people }),
  };
}

function ended(
  estate: Estate,
  from: Incident,
  into: Incident,
  { actor, openPages }: Pick<Merging, 'actor' | 'openPages'>,
  now: Date,
): Decision {
  const version = `merged:${from.chain_seq}`;
  const params = { actor, into: into.id, channel: into.channel };
  const readers = readersOf(estate, from);
  return together(
    {
      incident: {
        ...{ state: 'closed', merged_into: into.id, closed_at: now, next_update_due: null },
        resolved_at: from.resolved_at ?? now,
        resolved_by: from.resolved_by ?? actor,
        resolution: from.resolution ?? `A duplicate: it goes on as ${label(into.id)}.`,
      },
      events: [{ kind: 'incident.merged', actor, data: { into: into.id, title: into.title } }],
      effects: [
        ...openPages.flatMap((key) => [pagerIntent(from.id, key, 'resolve'), pagerNoteIntent(from.id, key)]),
        ...readers.map((to) => postIntent({ incident: from.id, key: version, template: 'merged', to, params })),
        postsIntent(from.id, version),
      ],
    },
    shown(from, version),
    { events: [], effects: [archiveIntent(from)] },
  );
}

function taken(
  estate: Estate,
  from: Incident,
  into: Incident,
  { actor, people }: Pick<Merging, 'actor' | 'people'>,
): Decision {
  const version = `took:${from.id}:${into.chain_seq}`;
  const adopts = into.service === null && from.service !== null;
  return together(
    {
      events: [
        {
          kind: 'incident.merged_in',
          actor,
          data: { from: from.id, title: from.title, severity: from.severity, service: from.service },
        },
      ],
      effects: [
        postIntent({
          ...{ incident: into.id, key: version, template: 'merged-in', to: 'incident' },
          params: { actor, from_incident: from.id, text: from.title },
        }),
        inviteIntent(into.id, version, [...new Set([...people, actor])]),
      ],
    },
    adopts ? changeService(estate, into, { to: from.service, actor }) : { events: [], effects: [] },
    shown(into, version),
  );
}
