import type { Json, JsonObject } from '../domain/json.ts';
import type { Outcome } from '../domain/effect/outcome.ts';
import type { LeftBehind } from '../domain/run/take-over.ts';

/** One attempt of an effect; a higher fence is a later one. */
export interface AttemptId {
  effect: string;
  fence: number;
}

export interface ActionContext {
  /** Aborted when the step times out, is aborted by a person, or the worker loses its lease. */
  signal: AbortSignal;
  /** Takes output as it appears, in pieces that may end anywhere; it is redacted before it is kept. */
  output(stream: 'stdout' | 'stderr', text: string): void;
  /** For whom it runs; what it starts carries that. */
  attempt?: AttemptId;
  /** Throws when the attempt may not be this worker's any more; called right before something begins. */
  confirm?: () => void;
}

/**
 * What a step `uses`. `done` carries the step's output (data for later steps); `rejected` is a failure of the step,
 * with the reason in words; `unknown` says that it may have happened (killed or timed out in flight).
 */
export interface Action {
  name: string;
  run(input: JsonObject, context: ActionContext): Promise<Outcome<Json>>;
}

/** Ends what older attempts left running, and waits until it is gone. */
export type EndOlderAttempts = (attempt: AttemptId, left_by: readonly string[]) => Promise<LeftBehind>;
