/** What is known after trying something in the outside world. */
export type Outcome<T = void> =
  /** It happened; `value` is what it returned. */
  | { kind: 'done'; value: T }
  /** It surely did not happen; try again after `after_ms` milliseconds (0: by the kind's own back-off). */
  | { kind: 'retry'; after_ms: number; reason: string }
  /** It surely did not happen and a repeat would not help. */
  | { kind: 'rejected'; reason: string }
  /** It may have happened: reconcile before any repeat. */
  | { kind: 'unknown'; reason: string; /** What was begun still runs, and could not be ended. */ running?: true };

export const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });
export const retry = (reason: string, after_ms = 0): Outcome<never> => ({ kind: 'retry', after_ms, reason });
export const rejected = (reason: string): Outcome<never> => ({ kind: 'rejected', reason });
export const unknown = (reason: string, running = false): Outcome<never> => ({
  kind: 'unknown',
  reason,
  ...(running && { running }),
});
