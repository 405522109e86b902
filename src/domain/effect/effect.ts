import type { Mode } from '../incident/subject.ts';
import type { JsonObject } from '../json.ts';
import type { QueueName } from './define-effect.ts';
import { EFFECTS, type EffectKind, type EffectPayloads } from './definitions.ts';

export type { QueueName } from './define-effect.ts';
export type { EffectKind, EffectPayloads, EffectResult } from './definitions.ts';

/** Something to be done, decided together with the state that asks for it; made by `intend`. */
export interface EffectIntent {
  /** Unique for ever: deciding twice intends once. */
  key: string;
  kind: EffectKind;
  queue: QueueName;
  /** Only workers of this site may take it; absent means any. */
  site?: string;
  payload: JsonObject;
  /** Effects of one ordering key are done one at a time, in the order in which they were intended. */
  ordering_key?: string;
  /** While one such effect waits, a newer one takes its place. */
  coalesce_key?: string;
  /** Absolute; absent means at once. */
  due_at?: Date;
}

interface When {
  due_at?: Date | undefined;
  /** Only workers of this site may take it; absent means any. */
  site?: string;
}

/** Asks for an effect with what its kind's definition says of queue and ordering. */
export function intend<K extends EffectKind>(
  kind: K,
  key: string,
  payload: EffectPayloads[K] & JsonObject,
  { due_at, site }: When = {},
): EffectIntent {
  const { queue } = EFFECTS[kind];
  const when = { ...(due_at && { due_at }), ...(site !== undefined && { site }) };
  return { key, kind, queue, payload, ...orderingOf(kind, payload), ...when };
}

function orderingOf<K extends EffectKind>(
  kind: K,
  payload: EffectPayloads[K],
): Pick<EffectIntent, 'ordering_key' | 'coalesce_key'> {
  const { ordering } = EFFECTS[kind];
  if (ordering.mode === 'free') return {};
  const key = ordering.key(payload);
  return { ordering_key: key, ...(ordering.mode === 'latest' && { coalesce_key: key }) };
}

/** A claimed effect as the database holds it. */
export interface ClaimedRow {
  id: string;
  key: string;
  kind: EffectKind;
  queue: QueueName;
  incident_id: number | null;
  /** Decided once, with the subject: which adapters it may reach. */
  mode: Mode;
  payload: JsonObject;
  ordering_key: string | null;
  fence: number;
  attempts: number;
  /** When the first attempt began whose outcome nobody knows; reconcile before repeating. */
  unknown_since: Date | null;
  /** Workers that lost it without having said that what they began is over. */
  left_by: string[];
  cancel_requested: boolean;
  created_at: Date;
}

/** A claimed effect as its job is given it: the payload is what the kind's definition says. */
export interface ClaimedEffect<K extends EffectKind = EffectKind> extends ClaimedRow {
  kind: K;
  payload: EffectPayloads[K];
}

/** Parses the payload; throws an error that names the kind and what does not fit. */
export function parseEffect(row: ClaimedRow): ClaimedEffect {
  const parsed = EFFECTS[row.kind].payload.safeParse(row.payload);
  if (parsed.success) return { ...row, payload: parsed.data };
  const [issue] = parsed.error.issues;
  throw new Error(`no payload of ${row.kind}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** For whom the transaction that intends an effect also claims it: a worker, its leases' length in ms, what it accepts. */
export interface Claimant {
  worker: string;
  lease_ms: number;
  accepts(intent: EffectIntent): boolean;
}

/** How the worker of this process continues with what a decision made ready, without the way through the queue. */
export interface Continuation extends Claimant {
  /**
   * Begins what was claimed, after the commit. `since`: when the transaction was about to claim it (performance.now), from
   * where its leases count.
   */
  begin(effects: ClaimedRow[], since: number): void;
}
