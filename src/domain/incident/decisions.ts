import * as cadence from './cadence.ts';
import { merge, NOTHING, type Decision } from '../effect/decision.ts';
import { notices, slackTargets } from '../audience/targets.ts';
import { newcomersOf, readersOf, toldOf } from '../audience/told.ts';
import { ladderTimers, pagerIntent, policyOf, roleIn } from '../escalation/escalation.ts';
import { nextLadder } from '../escalation/raise.ts';
import { NO_OWN_KEY, type OwnKey } from '../escalation/reach.ts';
import { rtoTimers } from '../escalation/rto.ts';
import { fireFirstLevels } from '../escalation/first-levels.ts';
import { listedFor } from '../estate/holders.ts';
import type { Estate, SeverityId } from '../estate/model.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { LIFEBOAT } from '../estate/people.ts';
import { askedFrom, type Incident } from './incident.ts';
import {
  cardIntent,
  continuedIntents,
  describedIntents,
  firstCardIntent,
  inviteIntent,
  postIntent,
  postsIntent,
} from '../effect/intents.ts';

/**
 * Everything that follows from a declaration: channel, card, people, first pages and notices, escalation and cadence.
 * `description`: what was typed where the title has no room for it; it is posted whole.
 */
export function declare(
  estate: Estate,
  incident: Incident,
  description: string | null = null,
  ownKey: OwnKey = NO_OWN_KEY,
): Decision {
  const severity = estate.severities[incident.severity];
  const due = new Date(incident.declared_at.getTime() + severity.update_every);
  const { id, title, service, declared_by } = incident;
  const first = fireFirstLevels(estate, incident, ownKey);
  const told = [...new Set([...severity.audiences, ...(first.decision.incident?.told ?? [])])];
  return {
    incident: { update_slot: 1, next_update_due: due, told },
    events: [
      {
        kind: 'incident.declared',
        actor: declared_by,
        data: { title, severity: incident.severity, service, ...(description !== null && { description }) },
      },
      ...first.decision.events,
    ],
    pages: first.decision.pages ?? [],
    effects: [
      intend('channel.open', `channel:${id}`, { incident: id }),
      firstCardIntent(id),
      ...(description === null ? [] : describedIntents(incident, description)),
      ...notices(estate, incident, severity.audiences, 'declared'),
      ...first.decision.effects,
      ...ladderTimers(incident, policyOf(estate, incident), { from: first.fired }),
      cadence.slotTimer(id, incident.cadence, 1, due),
      ...rtoTimers(estate, incident),
    ],
  };
}

/** The incident has a channel of its own: topic, people and card belong there from now on. */
export function channelOpened(estate: Estate, incident: Incident, opened: { channel: string; name: string }): Decision {
  const { channel, name } = opened;
  const version = incident.reopened_at === null ? 'first' : `opened:${incident.chain_seq}`;
  return {
    incident: { channel, name },
    events: [{ kind: 'channel.opened', actor: LIFEBOAT, data: { channel, name } }],
    effects: [
      topicIntent(incident.id, version),
      inviteOf(estate, incident, version),
      ...(incident.card_ts === null ? [] : [cardIntent(incident.id, 'moved')]),
    ],
  };
}

const topicIntent = (id: number, version: string): EffectIntent =>
  intend('channel.topic', `topic:${id}:${version}`, { incident: id });

/** Invites whoever the severity's policy may page, the owner of the service that is hit, and who declared in any case. */
export function inviteOf(estate: Estate, incident: Incident, version: string): EffectIntent {
  const owner = incident.service === null ? undefined : estate.services[incident.service]?.owner;
  const roles = [...policyOf(estate, incident).flatMap((level) => level.page), ...(owner ? [owner] : [])];
  const people = new Set(roles.flatMap((role) => listedFor(estate, role)));
  return inviteIntent(incident.id, version, [...people]);
}

/** Somebody answers: the ladder stops, and the pager learns of it for the pages that this answers; others go on ringing. */
export function acknowledge(incident: Incident, actor: string, openPages: string[], now: Date): Decision {
  if (incident.state !== 'open') return NOTHING;
  if (incident.acknowledged_at !== null) return answerPages(incident, actor, openPages);
  return {
    incident: { acknowledged_at: now, acknowledged_by: actor },
    events: [
      {
        kind: 'incident.acknowledged',
        actor,
        data: { after_ms: now.getTime() - askedFrom(incident).getTime(), pages: openPages },
      },
    ],
    effects: [
      ...openPages.map((key) => acknowledgePage(incident, key)),
      cardIntent(incident.id, `ack:${incident.chain_seq}`),
      postsIntent(incident.id, `ack:${incident.chain_seq}`),
    ],
  };
}

/** Somebody else who was paged answers: the pager stops ringing for them. */
function answerPages(incident: Incident, actor: string, pages: string[]): Decision {
  if (pages.length === 0) return NOTHING;
  return {
    events: pages.map((dedup_key) => ({
      kind: 'page.acknowledged',
      actor,
      data: { dedup_key, role: roleIn(dedup_key) },
    })),
    effects: [
      ...pages.map((key) => acknowledgePage(incident, key)),
      cardIntent(incident.id, `page:${incident.chain_seq}`),
      postsIntent(incident.id, `page:${incident.chain_seq}`),
    ],
  };
}

/** The timeline's place is part of the key: an answer that the pager took back may be given once more. */
const acknowledgePage = ({ id, chain_seq }: Incident, key: string): EffectIntent =>
  pagerIntent(id, key, 'acknowledge', `:${chain_seq}`);

export interface SeverityChange {
  to: SeverityId;
  reason: string | null;
  actor: string;
  /** Whether any level paged somebody before. */
  wasPaged: boolean;
}

/**
 * Re-plans clocks, pages and cadence at once; `nextLadder` says what becomes of the escalation. Whoever was told before is
 * told of the change, and stays told until the end, by the pace of the new severity; only who hears of the incident for the
 * first time gets the notification.
 */
export function changeSeverity(estate: Estate, incident: Incident, change: SeverityChange, now: Date): Decision {
  const from = incident.severity;
  const ladder = nextLadder(estate, incident, change, now);
  const next = { ...incident, ...ladder.patch, severity: change.to };
  const told = toldOf(estate, incident);
  const updates = cadence.restart(incident, estate.severities[change.to].update_every, now);
  const newcomers = newcomersOf(estate, told, estate.severities[change.to].audiences);
  const version = `severity:${incident.chain_seq}`;
  return merge(
    {
      incident: {
        severity: change.to,
        ...ladder.patch,
        ...updates.patch,
        told: [...new Set([...told, ...estate.severities[change.to].audiences])],
      },
      events: [
        {
          kind: 'incident.severity_changed',
          actor: change.actor,
          data: { from, to: change.to, reason: change.reason },
        },
      ],
      effects: [
        updates.timer,
        ...ladder.timers,
        ...rtoTimers(estate, next),
        inviteOf(estate, next, version),
        ...[...new Set(['incident', ...slackTargets(estate, told)])].map((to) =>
          postIntent({
            ...{ incident: incident.id, key: version, template: 'severity-changed', to },
            params: { from, to: change.to, reason: change.reason, actor: change.actor },
          }),
        ),
        ...notices(estate, incident, newcomers, version),
      ],
    },
    shown(incident, version),
  );
}

/** The automatic or written status update: one post per reader, and the promise moves on. */
export function postUpdate(
  estate: Estate,
  incident: Incident,
  update: { key: string; text: string | null; actor: string; data: Record<string, string | number | null> },
): Decision {
  const { id, cadence } = incident;
  const params = { text: update.text, actor: update.actor };
  const post = (to: string): EffectIntent[] =>
    update.text === null
      ? [intend('update.post', `post:${id}:${update.key}:${to}`, { incident: id, to, cadence })]
      : [
          postIntent({ incident: id, key: update.key, template: 'status-update', to, params }),
          ...continuedIntents({ incident: id, key: update.key, to }, update.text),
        ];
  return {
    ...(update.text !== null && { incident: { last_update: update.text } }),
    events: [{ kind: 'update.posted', actor: update.actor, data: { text: update.text, ...update.data } }],
    effects: [...readersOf(estate, incident).flatMap(post), cardIntent(incident.id, `update:${incident.chain_seq}`)],
  };
}

/** Topic and card show what became of it. */
export function shown(incident: Incident, version: string): Decision {
  return { events: [], effects: [topicIntent(incident.id, version), cardIntent(incident.id, version)] };
}
