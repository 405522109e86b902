import type { EffectIntent } from '../effect/effect.ts';
import type { PlanIndex } from '../plan/plan-index.ts';
import type { NewApproval, Run, StepRow } from './model.ts';
import type { NewEvent } from '../incident/timeline.ts';

/*
 * The engine works on a view: the run, the steps it was given (those that a change can touch, or all), and what it has
 * decided so far. It changes only the view's own copies; the store writes what differs.
 */
export interface RunView {
  index: PlanIndex;
  run: Run;
  steps: Map<string, StepRow>;
  /** Whether `steps` holds every row of the run; phase changes and people's commands need all. */
  complete: boolean;
  now: Date;
  changed: Set<string>;
  added: StepRow[];
  events: NewEvent[];
  effects: EffectIntent[];
  approvals: NewApproval[];
  /** Steps whose effects shall come back at once as aborted. */
  cancel: string[];
  /** What happens to the time of open requests: it stands still while the run is paused. */
  clocks: 'stop' | 'start' | null;
}

export function view(index: PlanIndex, run: Run, steps: StepRow[], complete: boolean, now: Date): RunView {
  return {
    index,
    run: { ...run },
    steps: new Map(steps.map((step) => [step.step_id, { ...step }])),
    complete,
    now,
    changed: new Set(),
    added: [],
    events: [],
    effects: [],
    approvals: [],
    cancel: [],
    clocks: null,
  };
}

export function stepOf(view: RunView, id: string): StepRow {
  const row = view.steps.get(id);
  if (!row) throw new Error(`step ${id} of run ${view.run.id} was not loaded`);
  view.changed.add(id);
  return row;
}

export function record(view: RunView, kind: string, actor: string, data: NewEvent['data']): void {
  view.events.push({ kind, actor, data: { run: view.run.id, ...data } });
}
