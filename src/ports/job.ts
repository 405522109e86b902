import type { Decision } from '../domain/effect/decision.ts';
import type { ClaimedEffect, EffectKind, Taker } from '../domain/effect/effect.ts';
import type { Incident } from '../domain/incident/incident.ts';
import type { Json } from '../domain/json.ts';
import type { Outcome } from '../domain/effect/outcome.ts';

export interface JobContext {
  /** Aborted when the lease is lost or a person called the effect back. */
  signal: AbortSignal;
}

/** How one kind of effect is done. Running it twice must do no harm: it reads again what there is to do. */
export interface Job {
  kind: EffectKind;
  /** Milliseconds for which the effect's lane rests after a success (Slack: one message a second in a channel). */
  pace_ms?: number;
  run(effect: ClaimedEffect, context: JobContext): Promise<Outcome<Json>>;
  /**
   * Writes the outcome itself instead of the usual way and returns effects that this worker took over with it, to be
   * run at once.
   */
  settle?: (effect: ClaimedEffect, outcome: Outcome<Json>, taker: Taker) => Promise<ClaimedEffect[]>;
  /** What it means for the incident that another try is needed; written together with the outcome, after each such try. */
  meanwhile?: (incident: Incident, effect: ClaimedEffect, outcome: Outcome<Json>, now: Date) => Decision;
  /** What it means for the incident that it is given up, for a job whose success means nothing for it. */
  failed?: (incident: Incident, effect: ClaimedEffect, outcome: Outcome<Json>, now: Date) => Decision;
  /** What a final outcome means for the incident; written together with the outcome. */
  after?: (incident: Incident, effect: ClaimedEffect, outcome: Outcome<Json>, now: Date) => Decision;
}
