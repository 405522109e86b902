import type { StepResult, StepRow, StepState } from './model.ts';

const UNDER_WAY = ['running', 'waiting_approval', 'waiting_manual'] as const;

/** What may happen to a step: from which states, and what it is then. Nothing else changes a step's state. */
export const STEP_TRANSITIONS = {
  // A worker or the clock gets it: its needs are met, or its run goes on after a pause.
  hand_over: { from: ['pending', 'ready'], to: 'running' },
  ask_approvers: { from: ['pending', 'ready'], to: 'waiting_approval' },
  ask_person: { from: ['pending', 'ready'], to: 'waiting_manual' },
  // The run is paused, and no attempt is under way: nothing begins, and nothing is tried again by itself.
  hold: { from: ['pending', 'running'], to: 'ready' },
  succeed: { from: UNDER_WAY, to: 'succeeded' },
  fail: { from: UNDER_WAY, to: 'failed' },
  time_out: { from: UNDER_WAY, to: 'timed_out' },
  // It may have happened. A held step becomes that when its run is aborted after an attempt that may have.
  lose: { from: [...UNDER_WAY, 'ready'], to: 'unknown' },
  // A person decides on a step in trouble, does without one, or ends the run.
  retry: { from: ['failed', 'timed_out', 'unknown'], to: 'ready' },
  skip: { from: ['ready', 'waiting_manual', 'failed', 'timed_out', 'unknown'], to: 'skipped' },
  // The service is healthy right before it would be touched: neither the step nor what follows it there is needed.
  spare: { from: ['pending', 'ready', 'running'], to: 'skipped' },
  // Only what surely did not happen: all else keeps the state that says what is known of it.
  cancel: { from: ['pending', 'ready', ...UNDER_WAY], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly StepState[]; to: StepState }>;

export type StepTransition = keyof typeof STEP_TRANSITIONS;

export const ENDS_AS: Record<StepResult['kind'], StepTransition> = {
  succeeded: 'succeed',
  failed: 'fail',
  timed_out: 'time_out',
  unknown: 'lose',
  spared: 'spare',
};

/** Changes a step's state by the table; throws when the table does not know the way, which is a defect of the engine. */
export function move(row: StepRow, transition: StepTransition): void {
  const { from, to }: { from: readonly StepState[]; to: StepState } = STEP_TRANSITIONS[transition];
  if (!from.includes(row.state)) throw new Error(`step ${row.step_id} is ${row.state}, which cannot ${transition}`);
  row.state = to;
}
