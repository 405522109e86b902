import type { Decision } from '../domain/effect/decision.ts';
import type { ClaimedEffect, ClaimedRow, Claimant, EffectKind, EffectResult } from '../domain/effect/effect.ts';
import type { Incident } from '../domain/incident/incident.ts';
import type { Outcome } from '../domain/effect/outcome.ts';

export interface JobContext {
  /** Aborted when the lease is lost or a person cancelled the effect. */
  signal: AbortSignal;
  /** Throws when the lease may be gone, and aborts the signal: a process that was frozen learns of it only by the clock. */
  confirm?: () => void;
}

/** How one kind of effect is done. Running it twice must do no harm: it reads again what there is to do. */
export interface Job<K extends EffectKind = EffectKind> {
  kind: K;
  /** Milliseconds for which the effect's ordering key rests after a success (Slack: one message a second in a channel). */
  pace_ms?: number;
  /** The ordering key that rests, when it is not the effect's own. */
  paces?(effect: ClaimedEffect<K>): string;
  run(effect: ClaimedEffect<K>, context: JobContext): Promise<Outcome<EffectResult<K>>>;
  /** Writes the outcome itself instead of the usual way and returns what it claimed for this worker to continue with. */
  settle?(effect: ClaimedEffect<K>, outcome: Outcome<EffectResult<K>>, claimant: Claimant): Promise<ClaimedRow[]>;
  /** What a final outcome means for the incident; written together with the outcome. */
  after?(incident: Incident, effect: ClaimedEffect<K>, outcome: Outcome<EffectResult<K>>, now: Date): Decision;
}
