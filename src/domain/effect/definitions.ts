import * as z from 'zod';
import type { Json } from '../json.ts';
import type { ServiceLook } from '../health/look.ts';
import type { StepResult } from '../run/model.ts';
import { defineEffect, FREE, latest, strict, type EffectDefinition, type Patience } from './define-effect.ts';
import { channelOrdering, readerOrdering } from './ordering.ts';

const DAY = 86_400_000;

/** A timer is intended long before it is due, and what it ends has no other end. */
const TIMER: Patience = { give_up_after_ms: Infinity, cap_ms: 30_000 };
/** A notice that is a day late informs nobody; one that somebody has to act on goes out soon after Slack is back. */
const NOTICE: Patience = { give_up_after_ms: DAY, cap_ms: 10_000 };
/** Messages wait this long for the incident's own channel, then they go to where it was declared. */
const CHANNEL: Patience = { give_up_after_ms: 60_000, cap_ms: 5_000 };
/** A page is worth waking someone for as long as nobody answered. */
const PAGE: Patience = { give_up_after_ms: 7 * DAY, cap_ms: 15_000 };

const incident = { incident: z.number() };
const approval = { ...incident, approval: z.string() };
const page = { ...incident, dedup_key: z.string() };
const pause = { ...incident, run: z.number(), pause: z.number(), reason: z.string(), actor: z.string() };
const attempt = { ...incident, run: z.number(), plan: z.string(), step: z.string(), attempt: z.number() };

const inChannel = (payload: { incident: number }): string => channelOrdering(payload.incident);
const stateOf =
  (what: string) =>
  (payload: { incident: number }): string =>
    `${what}:${payload.incident}`;
const ofLadder = (payload: { incident: number; ladder: number }): string =>
  `ladder:${payload.incident}:${payload.ladder}`;
const ofPage = (payload: { dedup_key: string }): string => `page:${payload.dedup_key}`;

const timer = { queue: 'timers', patience: TIMER, retention_ms: DAY } as const;
const state = { queue: 'chat', patience: NOTICE, retention_ms: DAY } as const;
/** Kept for as long as somebody may ask who was told what. */
const message = { queue: 'chat', patience: NOTICE, retention_ms: 90 * DAY } as const;

const DEFINED = {
  'escalation.fire': defineEffect({
    ...timer,
    queue: 'escalation',
    /** `resumed`: a ladder that goes on after an acknowledgement was taken back; `again`: one that pages anew. */
    payload: z.object({
      ...{ ...incident, ladder: z.number(), level: z.number() },
      ...{ resumed: z.boolean().default(false), again: z.boolean().default(false) },
    }),
    ordering: strict(ofLadder),
  }),
  /** Whom the last level asked had their time. */
  'escalation.end': defineEffect({
    ...timer,
    queue: 'escalation',
    payload: z.object({ ...incident, ladder: z.number() }),
    ordering: strict(ofLadder),
  }),
  /** The recovery time objective runs out, and that pages somebody. */
  'rto.pass': defineEffect({ ...timer, queue: 'escalation', payload: z.object(incident), ordering: FREE }),
  'cadence.fire': defineEffect({
    ...timer,
    payload: z.object({ ...incident, cadence: z.number(), slot: z.number(), due: z.string() }),
    ordering: FREE,
  }),
  'approval.expire': defineEffect({ ...timer, payload: z.object(approval), ordering: FREE }),
  'step.wake': defineEffect({ ...timer, payload: z.object(attempt), ordering: FREE }),
  'channel.open': defineEffect({
    ...message,
    patience: CHANNEL,
    payload: z.object(incident),
    ordering: strict(inChannel),
  }),
  /** Goes on trying after the messages went elsewhere. */
  'channel.retry': defineEffect({ ...message, payload: z.object(incident), ordering: latest(stateOf('channel')) }),
  'channel.invite': defineEffect({
    ...message,
    payload: z.object({ ...incident, people: z.array(z.string()) }),
    ordering: strict(stateOf('people')),
  }),
  'channel.topic': defineEffect({ ...state, payload: z.object(incident), ordering: latest(stateOf('topic')) }),
  /** Makes room again for what was closed; everything that is to be said there comes after it. */
  'channel.unarchive': defineEffect({
    ...message,
    patience: CHANNEL,
    payload: z.object(incident),
    ordering: strict(inChannel),
  }),
  'channel.archive': defineEffect({ ...message, payload: z.object(incident), ordering: strict(inChannel) }),
  /** The first card keeps its place before every other message; edits of it hold up nothing. */
  'card.post': defineEffect({ ...message, payload: z.object(incident), ordering: strict(inChannel) }),
  'card.pin': defineEffect({ ...state, payload: z.object(incident), ordering: latest(stateOf('pin')) }),
  'card.render': defineEffect({ ...state, payload: z.object(incident), ordering: latest(stateOf('card')) }),
  'message.post': defineEffect({
    ...message,
    payload: z.object({
      ...incident,
      template: z.string(),
      to: z.string(),
      params: z.record(z.string(), z.custom<Json>()),
      /** The key of the message in whose thread it belongs. */
      below: z.string().exactOptional(),
    }),
    ordering: strict((payload: { incident: number; to: string }) => readerOrdering(payload.incident, payload.to)),
  }),
  'approval.post': defineEffect({ ...message, payload: z.object(approval), ordering: strict(inChannel) }),
  'approval.render': defineEffect({
    ...state,
    payload: z.object(approval),
    ordering: latest((payload: { approval: string }) => `approval:${payload.approval}`),
  }),
  /** The automatic status update: of several that wait for one reader the newest is sent, after what people wait for. */
  'update.post': defineEffect({
    ...message,
    payload: z.object({ ...incident, to: z.string(), cadence: z.number() }),
    ordering: latest((payload: { incident: number; to: string }) => `update:${payload.incident}:${payload.to}`),
  }),
  /** Words again what was posted with buttons that may be over. */
  'posts.render': defineEffect({ ...state, payload: z.object(incident), ordering: latest(stateOf('posts')) }),
  /** Shows on the one post of a run how far it is. */
  'run.render': defineEffect({
    ...state,
    payload: z.object({ ...incident, run: z.number() }),
    ordering: latest((payload: { run: number }) => `run:${payload.run}`),
  }),
  /** Says that a run is paused, once for each pause; more trouble edits it. */
  'pause.post': defineEffect({ ...message, payload: z.object(pause), ordering: strict(inChannel) }),
  'pause.render': defineEffect({
    ...state,
    payload: z.object(pause),
    ordering: latest((payload: { run: number; pause: number }) => `pause:${payload.run}:${payload.pause}`),
  }),
  'pager.send': defineEffect({
    queue: 'pages',
    patience: PAGE,
    retention_ms: 90 * DAY,
    payload: z.object({ ...page, action: z.enum(['trigger', 'acknowledge', 'resolve']) }),
    ordering: strict(ofPage),
  }),
  // By themselves: what is to be done about the page must not wait for them.
  'pager.assign': defineEffect({
    ...message,
    patience: PAGE,
    payload: z.object({ ...page, user: z.string(), person: z.string() }),
    ordering: FREE,
  }),
  'pager.confirm': defineEffect({ ...message, payload: z.object(page), ordering: FREE }),
  'pager.note': defineEffect({ ...message, payload: z.object(page), ordering: strict(ofPage) }),
  'step.run': defineEffect({
    queue: 'steps',
    patience: NOTICE, // never asked: a step's repeats are its run's decision
    retention_ms: 7 * DAY,
    payload: z.object(attempt),
    ordering: FREE,
  }),
  'recovery.assess': defineEffect({
    queue: 'steps',
    patience: NOTICE,
    retention_ms: 7 * DAY,
    /** `anyway`: the service is recovered although it is healthy, or although its data cannot be mended so. */
    payload: z.object({ ...incident, service: z.string(), actor: z.string(), anyway: z.boolean().exactOptional() }),
    ordering: FREE,
  }),
  /** Runs the checks of services for somebody who waits for what they say. */
  'health.look': defineEffect({
    queue: 'steps',
    patience: NOTICE,
    retention_ms: DAY,
    payload: z.object({ ...incident, services: z.array(z.string()) }),
    ordering: FREE,
  }),
};

/** Everything that Lifeboat does to the outside world or to itself later; one file in jobs/ for each. */
export type EffectKind = keyof typeof DEFINED;

/** What each kind carries, the same for who intends it and who does it. */
export type EffectPayloads = {
  [K in EffectKind]: (typeof DEFINED)[K] extends EffectDefinition<infer P> ? P : never;
};

export const EFFECTS: { readonly [K in EffectKind]: EffectDefinition<EffectPayloads[K]> } = DEFINED;

type Posted = { channel: string; ts: string };
/**
 * `digest` names what was shown whole, its file included; `uninvited` are approvers whom Slack did not let in at once, and
 * `incomplete` is a request whose file is still to come.
 */
export type Asked = Posted & { digest?: string; uninvited?: string[]; incomplete?: true };
/** `seq`: how much of the timeline it knew; `quiet`: how many in a row had no news; `ask`: who is asked for words. */
type Told = Posted & { seq: number; quiet: number; ask: string[] };
type Skipped = { skipped: string };

/** What the kinds return whose results somebody reads. */
interface Results {
  'channel.open': { channel: string; name?: string };
  'channel.retry': { channel: string; name?: string };
  /** `left`: why the old channel stays archived and this is another one. */
  'channel.unarchive': { channel: string; name?: string; left?: string } | Skipped;
  'channel.invite': { refused: { user: string; code: string }[] } | Skipped | null;
  'card.post': { ts: string; seen: number } | Skipped;
  'card.render': { ts: string; seen: number } | Skipped | null;
  'message.post': Posted | Skipped;
  'update.post': Told | Skipped;
  'approval.post': Asked | Skipped;
  'pause.post': Posted | Skipped;
  'pager.send': { sent: true } | Skipped;
  'pager.assign': { assigned: true } | Skipped;
  'pager.confirm': { arrived: true } | { arrived: null; reason: string } | Skipped;
  'step.run': StepResult;
  'health.look': { looks: ServiceLook[] };
  'recovery.assess': { looks: ServiceLook[] };
}

/** What a kind returns when it is done; `skipped` says why there was nothing to do. */
export type EffectResult<K extends EffectKind = EffectKind> = {
  [Each in K]: Each extends keyof Results ? Results[Each] : Skipped | null;
}[K];
