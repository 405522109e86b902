import * as cadence from './cadence.ts';
import { merge, type Decision } from '../effect/decision.ts';
import { intend } from '../effect/effect.ts';
import { cardIntent, postIntent, postsIntent } from '../effect/intents.ts';
import { readersOf } from '../audience/told.ts';
import { ladderTimers, policyOf } from '../escalation/escalation.ts';
import { NO_OWN_KEY } from '../escalation/reach.ts';
import { rtoTimers } from '../escalation/rto.ts';
import { fireFirstLevels } from '../escalation/first-levels.ts';
import type { Estate } from '../estate/model.ts';
import { LIFEBOAT } from '../estate/people.ts';
import { channelOpened, inviteOf, shown } from './decisions.ts';
import type { Incident } from './incident.ts';

export interface Reopening {
  actor: string;
  reason: string;
  /** Who holds roles of the incident, from before. */
  assigned: readonly { role: string; person: string }[];
}

/**
 * What was called over is open again. Its updates begin anew, its pages are new ones that count from now, and everybody
 * who was told of the end is told. The objective still runs from the declaration: the time in which it counted as resolved
 * is added up beside it. `fired`: how many levels of the new ladder fired at once.
 */
export function reopen(
  estate: Estate,
  incident: Incident,
  { actor, reason, assigned }: Reopening,
  now: Date,
): { decision: Decision; fired: number; next: Incident } {
  const { id, state, channel, chain_seq, resolved_at, resolved_by, resolution } = incident;
  const counted_ms = Math.max(0, now.getTime() - (resolved_at ?? now).getTime());
  const { update_every } = estate.severities[incident.severity];
  const updates = cadence.restart(incident, update_every, now);
  const next: Incident = {
    ...incident,
    ...{ state: 'open', resolved_at: null, resolved_by: null, resolution: null, closed_at: null },
    ...{ acknowledged_at: null, acknowledged_by: null, reopened_at: now, ladder_from: now },
    ...{ ladder_round: 0, unanswered_from: now },
    ...{ ladder: incident.ladder + 1, resolved_ms: incident.resolved_ms + counted_ms },
  };
  const first = fireFirstLevels(estate, next, NO_OWN_KEY, assigned);
  const version = `reopened:${chain_seq}`;
  const params = { actor, reason, message: reason, resolved_by, text: resolution, counted_ms };
  const readers = readersOf(estate, incident);
  const { acknowledged_at, acknowledged_by, closed_at, reopened_at, ladder_from, ladder, resolved_ms } = next;
  const { ladder_round, unanswered_from } = next;
  const decision = merge(
    {
      incident: {
        ...{ state: 'open', resolved_at: null, resolved_by: null, resolution: null },
        ...{ acknowledged_at, acknowledged_by, closed_at, reopened_at, ladder_from, ladder, resolved_ms },
        ...{ ladder_round, unanswered_from },
        ...updates.patch,
      },
      events: [
        {
          kind: 'incident.reopened',
          actor,
          data: { reason, was: state, resolved_by, resolution, counted_ms },
        },
      ],
      effects: [
        // First in the channel's order: nothing can be posted into an archived one.
        ...(state === 'closed' && channel !== null
          ? [intend('channel.unarchive', `unarchive:${id}:${chain_seq}`, { incident: id })]
          : []),
        updates.timer,
        ...readers.map((to) => postIntent({ incident: id, key: version, template: 'reopened', to, params })),
      ],
    },
    first.decision,
    {
      events: [],
      effects: [
        ...ladderTimers(next, policyOf(estate, next), { from: first.fired }),
        ...rtoTimers(estate, next),
        inviteOf(estate, next, version),
        postsIntent(id, version),
      ],
    },
    shown(incident, version),
  );
  return { decision, fired: first.fired, next };
}

/** The old channel stays archived, so the incident goes on in another one, and both say so. */
export function channelReplaced(
  estate: Estate,
  incident: Incident,
  { channel, name, reason }: { channel: string; name: string; reason: string },
): Decision {
  const { id, name: before, channel: left } = incident;
  const opened = channelOpened(estate, incident, { channel, name });
  return {
    ...opened,
    events: [
      { kind: 'channel.left', actor: LIFEBOAT, data: { name: before, channel: left, reason } },
      ...opened.events,
    ],
    effects: [
      ...opened.effects,
      postIntent({
        ...{ incident: id, key: `channel-left:${incident.chain_seq}`, template: 'channel-left', to: 'incident' },
        params: { reason, channel: left },
      }),
    ],
  };
}

/** There is no room for it: everything is said where the incident was declared, and opening one is tried on. */
export function channelLost(incident: Incident, reason: string): Decision {
  const { id, chain_seq } = incident;
  return {
    incident: { channel: null },
    events: [{ kind: 'channel.failed', actor: LIFEBOAT, data: { name: incident.name, reason } }],
    effects: [
      intend('channel.retry', `channel:${id}:later:${chain_seq}`, { incident: id }),
      cardIntent(id, `lost:${chain_seq}`),
    ],
  };
}
