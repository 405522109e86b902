import type { Outcome } from '../src/domain/effect/outcome.ts';
import type { Redactor } from '../src/runtime/redact.ts';

/** An outcome whose reason may be kept: it repeats what somebody outside answered, which may hold anything. */
export const redactedOutcome = <T>(redactor: Redactor, outcome: Outcome<T>): Outcome<T> =>
  outcome.kind === 'done' ? outcome : { ...outcome, reason: redactor.text(outcome.reason) };
