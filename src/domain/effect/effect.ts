import type { JsonObject } from '../json.ts';

/** Everything that Lifeboat does to the outside world or to itself later; one file in jobs/ for each. */
export type EffectKind =
  | 'escalation.fire'
  | 'cadence.fire'
  | 'approval.expire'
  | 'step.wake'
  | 'channel.open'
  | 'channel.invite'
  | 'channel.topic'
  | 'channel.archive'
  | 'card.render'
  | 'message.post'
  | 'approval.post'
  | 'approval.render'
  | 'pager.send'
  | 'pager.note'
  | 'step.run'
  | 'recovery.assess';

/** Pages, and the timers that page, have queues of their own, so that they never wait behind anything else. */
export type QueueName = 'pages' | 'escalation' | 'chat' | 'timers' | 'steps';

/** Something to be done, decided together with the state that asks for it. */
export interface EffectIntent {
  /** Unique for ever: deciding twice intends once. */
  key: string;
  kind: EffectKind;
  queue: QueueName;
  /** Only workers of this site may take it; absent means any. */
  site?: string;
  /** Ids and small parameters; a job reads the rest again. */
  payload: JsonObject;
  /** Effects of one lane are done one at a time, in the order in which they were intended. */
  ordering_key?: string;
  /** While one such effect waits, another is the same one. */
  coalesce_key?: string;
  /** Absolute; absent means at once. */
  due_at?: Date;
}

/** A claimed effect as a worker holds it. */
export interface ClaimedEffect {
  id: string;
  key: string;
  kind: EffectKind;
  queue: QueueName;
  incident_id: number | null;
  payload: JsonObject;
  ordering_key: string | null;
  fence: number;
  attempts: number;
  /** When the first attempt began whose outcome nobody knows; reconcile before repeating. */
  unknown_since: Date | null;
  cancel_requested: boolean;
  created_at: Date;
}

/** A worker that goes on with what its finished step made ready, without the way through the queue. */
export interface Taker {
  worker: string;
  lease_ms: number;
  wants: (intent: EffectIntent) => boolean;
}

/** The worker of this process, for verbs that make steps ready: what they take over for it begins after the commit. */
export interface Hands extends Taker {
  adopt(effects: ClaimedEffect[]): void;
}
