import { retry, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Incident } from '../src/domain/incident/incident.ts';

/** A refusal because the channel is archived is over in moments where the incident was opened again. */
export function untilUnarchived<T>({ state, reopened_at }: Incident, outcome: Outcome<T>): Outcome<T> {
  const passing = state === 'open' && reopened_at !== null && outcome.kind === 'rejected';
  return passing && /^(?:is_archived|not_in_channel)\b/.test(outcome.reason) ? retry(outcome.reason, 2000) : outcome;
}
