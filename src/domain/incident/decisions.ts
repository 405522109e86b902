import * as cadence from './cadence.ts';
import { merge, NOTHING, type Decision } from '../effect/decision.ts';
import {
  ladderTimers,
  notices,
  pagerIntent,
  pagerNoteIntent,
  policyOf,
  roleIn,
  slackTargets,
} from '../escalation/escalation.ts';
import { fireFirstLevels } from '../escalation/first-levels.ts';
import { listedFor } from '../estate/holders.ts';
import type { Estate, SeverityId } from '../estate/model.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { LIFEBOAT } from '../estate/people.ts';
import type { JsonObject } from '../json.ts';
import { lookWords, redWords, verdictOf, type ServiceLook } from '../health/look.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import type { Incident } from './incident.ts';
import {
  cardIntent,
  continuedIntents,
  firstCardIntent,
  inviteIntent,
  postIntent,
  postKey,
  postsIntent,
} from '../effect/intents.ts';

/**
 * Everything that follows from a declaration: channel, card, people, first pages and notices, escalation and cadence.
 * `description`: what was typed where the title has no room for it; it is posted whole.
 */
export function declare(estate: Estate, incident: Incident, description: string | null = null): Decision {
  const severity = estate.severities[incident.severity];
  const due = new Date(incident.declared_at.getTime() + severity.update_every);
  const { id, title, service, declared_by } = incident;
  const first = fireFirstLevels(estate, incident);
  return {
    incident: { update_slot: 1, next_update_due: due },
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
    ],
  };
}

function describedIntents({ id, declared_by }: Incident, text: string): EffectIntent[] {
  const post = { incident: id, key: 'description', to: 'incident' };
  const params = { text, actor: declared_by };
  return [postIntent({ ...post, template: 'description', params }), ...continuedIntents(post, text)];
}

/** The incident has a channel of its own: topic, people and card belong there from now on. */
export function channelOpened(estate: Estate, incident: Incident, opened: { channel: string; name: string }): Decision {
  const { channel, name } = opened;
  return {
    incident: { channel, name },
    events: [{ kind: 'channel.opened', actor: LIFEBOAT, data: { channel, name } }],
    effects: [
      topicIntent(incident.id, 'first'),
      inviteOf(estate, incident, 'first'),
      ...(incident.card_ts === null ? [] : [cardIntent(incident.id, 'moved')]),
    ],
  };
}

const topicIntent = (id: number, version: string): EffectIntent =>
  intend('channel.topic', `topic:${id}:${version}`, { incident: id });

/** Invites whoever the severity's policy may page, the owner of the service that is hit, and who declared in any case. */
function inviteOf(estate: Estate, incident: Incident, version: string): EffectIntent {
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
        data: { after_ms: now.getTime() - incident.declared_at.getTime(), pages: openPages },
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
}

/**
 * Re-plans clocks, pages and cadence at once. A new policy is a new ladder from the same T0: levels that are overdue
 * fire at once, in order. A higher severity asks for an answer again; a lower one leaves an answer as it is.
 */
export function changeSeverity(estate: Estate, incident: Incident, change: SeverityChange, now: Date): Decision {
  const from = incident.severity;
  const next = { ...incident, severity: change.to, ladder: incident.ladder + 1 };
  const raised = change.to < from;
  const silent = incident.acknowledged_at !== null && !raised;
  const updates = cadence.restart(incident, estate.severities[change.to].update_every, now);
  const newcomers = estate.severities[change.to].audiences.filter(
    (audience) => !estate.severities[from].audiences.includes(audience),
  );
  const version = `severity:${incident.chain_seq}`;
  return merge(
    {
      incident: {
        severity: change.to,
        ladder: next.ladder,
        ...updates.patch,
        ...(raised && { acknowledged_at: null, acknowledged_by: null }),
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
        ...(silent ? [] : ladderTimers(next, policyOf(estate, next))),
        inviteOf(estate, next, version),
        postIntent({
          incident: incident.id,
          key: version,
          template: 'severity-changed',
          to: 'incident',
          params: { from, to: change.to, reason: change.reason, actor: change.actor },
        }),
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
  const readers = [...new Set(['incident', ...slackTargets(estate, estate.severities[incident.severity].audiences)])];
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
    effects: [...readers.flatMap(post), cardIntent(incident.id, `update:${incident.chain_seq}`)],
  };
}

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
  const readers = ['incident', ...slackTargets(estate, estate.severities[incident.severity].audiences)];
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
    { events: [], effects: [intend('channel.archive', `archive:${incident.id}`, { incident: incident.id })] },
  );
}

function shown(incident: Incident, version: string): Decision {
  return { events: [], effects: [topicIntent(incident.id, version), cardIntent(incident.id, version)] };
}
