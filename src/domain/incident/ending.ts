import { LifeboatError } from '../../runtime/errors.ts';
import { merge, type Decision } from '../effect/decision.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { continuedIntents, postIntent, postKey, postsIntent } from '../effect/intents.ts';
import { readersOf } from '../audience/told.ts';
import { pagerIntent, pagerNoteIntent } from '../escalation/escalation.ts';
import type { Estate } from '../estate/model.ts';
import { lookWords, redWords, verdictOf, type ServiceLook } from '../health/look.ts';
import type { JsonObject } from '../json.ts';
import { shown } from './decisions.ts';
import type { Incident } from './incident.ts';

/** What the checks said right before an incident is called over, and why it is although some are red. */
export interface Proof {
  looks: ServiceLook[];
  /** Services that somebody worked on. */
  needed: string[];
  reason: string | null;
}

/** Nobody looked. */
const UNSEEN: Proof = { looks: [], needed: [], reason: null };

/** Throws while checks are red, unless a person says why that shall not matter. */
export function refuseRed({ looks, needed, reason }: Proof): void {
  if (verdictOf(looks, needed) !== 'red' || reason !== null) return;
  throw new LifeboatError(
    'conflict',
    `checks are red: ${looks.flatMap((look) => (look.health === 'unhealthy' ? [`${look.service} (${redWords(look)})`] : [])).join(', ')}`,
    'mend it first, or say why it is over all the same: `/dr resolve anyway <reason>`',
  );
}

/** Over: clocks stop because the state says so, open pages are resolved, everyone who was told is told. */
export function resolve(
  estate: Estate,
  incident: Incident,
  input: { actor: string; summary: string; openPages: string[]; proof?: Proof },
  now: Date,
): Decision {
  const { looks, needed, reason } = input.proof ?? UNSEEN;
  const verdict = verdictOf(looks, needed);
  const seen = Object.fromEntries(looks.map((look) => [look.service, lookWords(look)]));
  const version = `resolved:${incident.chain_seq}`;
  const readers = readersOf(estate, incident);
  return merge(
    {
      incident: {
        state: 'resolved',
        resolved_at: now,
        resolved_by: input.actor,
        resolution: input.summary,
        next_update_due: null,
      },
      events: [
        {
          kind: 'incident.resolved',
          actor: input.actor,
          data: {
            summary: input.summary,
            after_ms: now.getTime() - incident.declared_at.getTime(),
            ...{ verdict, seen, reason },
          },
        },
      ],
      effects: [
        ...input.openPages.flatMap((key) => [
          pagerIntent(incident.id, key, 'resolve'),
          pagerNoteIntent(incident.id, key),
        ]),
        ...resolvedPosts(incident.id, version, new Set(readers), {
          summary: input.summary,
          params: { looks, needed, reason },
        }),
        postsIntent(incident.id, version),
      ],
    },
    shown(incident, version),
  );
}

/** Short everywhere; steps, checks and a long summary stand in the thread below the post in the incident's channel. */
function resolvedPosts(
  incident: number,
  key: string,
  readers: Iterable<string>,
  { summary, params }: { summary: string; params: JsonObject },
): EffectIntent[] {
  const below = { ...{ incident, to: 'incident' }, below: postKey({ incident, key, to: 'incident' }) };
  return [
    ...[...readers].map((to) => postIntent({ incident, key, template: 'recovery-notification', to, params })),
    postIntent({ ...below, key: `${key}:details`, template: 'recovery-details', params }),
    ...continuedIntents({ ...below, key }, summary),
  ];
}

export function close(incident: Incident, actor: string, now: Date): Decision {
  const version = `closed:${incident.chain_seq}`;
  return merge(
    {
      incident: { state: 'closed', closed_at: now },
      events: [{ kind: 'incident.closed', actor, data: {} }],
      effects: [],
    },
    shown(incident, version),
    { events: [], effects: [archiveIntent(incident)] },
  );
}

/** Each end archives anew: what was opened again has a channel again. */
export const archiveIntent = ({ id, chain_seq }: Incident): EffectIntent =>
  intend('channel.archive', `archive:${id}:${chain_seq}`, { incident: id });
