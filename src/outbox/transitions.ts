export const EFFECT_STATES = ['pending', 'queued', 'running', 'done', 'failed', 'unknown', 'cancelled'] as const;
export type EffectState = (typeof EFFECT_STATES)[number];

export interface Transition {
  from: readonly EffectState[];
  to: readonly EffectState[];
}

/**
 * What each statement may do to an effect, by the statement's name; of a state that is not in `from` it changes nothing.
 * An effect begins as pending, or as running when the deciding transaction claims it for a continuation.
 */
export const TRANSITIONS = {
  /** Due, and the first of its ordering key: its id goes to the queue. */
  'take-due': { from: ['pending'], to: ['queued'] },
  /** Due, or handed over and left lying: taken without the transport. */
  'claim-due': { from: ['pending', 'queued'], to: ['running'] },
  /** It waits behind another of its ordering key, and looks pass it by. */
  'block-waiting': { from: ['pending'], to: ['pending'] },
  /** The queue did not accept it. */
  'take-back': { from: ['queued'], to: ['pending'] },
  /** A worker holds it until its lease ends. */
  claim: { from: ['queued'], to: ['running'] },
  renew: { from: ['running'], to: ['running'] },
  /** Its worker is gone: a newer one of its kind that waits takes its place, else it is tried again. */
  'expire-leases': { from: ['running'], to: ['pending', 'cancelled'] },
  /** Its worker stops. */
  'give-back': { from: ['running'], to: ['pending', 'cancelled'] },
  /** Its worker says what became of it. */
  settle: { from: ['running'], to: ['done', 'failed', 'unknown', 'pending', 'cancelled'] },
  /** A person aborted the run: what nobody holds comes back at once, to be reported as that. */
  'request-cancel': { from: ['pending', 'queued', 'running'], to: ['pending', 'running'] },
  /** The run is paused: what no worker has begun is handed over anew when it goes on. */
  'hold-unbegun': { from: ['pending', 'queued'], to: ['cancelled'] },
} as const satisfies Record<string, Transition>;

export type EffectStatement = keyof typeof TRANSITIONS;
