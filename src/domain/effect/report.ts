import type { Incident } from '../incident/incident.ts';
import type { Decision } from './decision.ts';
import type { ClaimedRow, EffectResult } from './effect.ts';
import type { Outcome } from './outcome.ts';

/** What became of an effect. */
/** What an outcome means for the incident, by what becomes of its effect. */
export interface OutcomeMeaning {
  /** It is tried again. */
  meanwhile?: Decide | undefined;
  /** It is given up; `after` where absent. */
  failed?: Decide | undefined;
  /** It is over. */
  after?: Decide | undefined;
}

type Decide = (incident: Incident, now: Date) => Decision;

export interface OutcomeReport extends OutcomeMeaning {
  effect: ClaimedRow;
  worker: string;
  outcome: Outcome<EffectResult>;
  pace_ms: number;
  /** What rests after a success, when it is not the effect's own ordering key. */
  paced_key?: string;
}
