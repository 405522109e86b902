import type { Incident } from '../incident/incident.ts';
import type { Decision } from './decision.ts';
import type { ClaimedRow, EffectResult } from './effect.ts';
import type { Outcome } from './outcome.ts';

/** What became of an effect. */
export interface OutcomeReport {
  effect: ClaimedRow;
  worker: string;
  outcome: Outcome<EffectResult>;
  pace_ms: number;
  /** What rests after a success, when it is not the effect's own ordering key. */
  paced_key?: string;
  /** What a final outcome means for the incident. */
  after: ((incident: Incident, now: Date) => Decision) | undefined;
}
