import { cardIntent } from '../effect/intents.ts';
import { begin } from './begin.ts';
import { CANCEL_REQUESTED, OVER, type StepRow } from './model.ts';
import { advance, NeedsWholeRun } from './phases.ts';
import { move } from './transitions.ts';
import { SPARED } from './verification.ts';
import { record, stepOf, type RunView } from './view.ts';

/**
 * A service was healthy right before it would have been touched: the step, and what of the same service comes after it, is
 * left out; what waited for the service goes on.
 */
export function spare(view: RunView, row: StepRow, why: string): boolean {
  if (!view.complete) throw new NeedsWholeRun(`run ${view.run.id}: leaving a service alone looks at every step`);
  const { run, now } = view;
  run.active -= 1;
  if (row.error === CANCEL_REQUESTED) {
    move(row, 'cancel');
    row.finished_at = now;
    run.remaining -= 1;
    advance(view);
    return true;
  }
  const spared = [row, ...followers(view, row)];
  for (const each of spared) {
    move(each, 'spare');
    Object.assign(each, { error: `${SPARED}${why}`, finished_at: now });
    record(view, 'step.spared', 'lifeboat', { step: each.step_id, reason: why });
  }
  run.remaining -= spared.length;
  if (!run.ending) for (const each of spared) release(view, each);
  advance(view);
  view.effects.push(cardIntent(run.incident_id, `run:${run.id}:${now.getTime()}:spared:${row.step_id}`));
  return true;
}

/** Steps of the same service that come after this one and have not begun. */
function followers(view: RunView, row: StepRow): StepRow[] {
  const { group } = view.index.step(row.step_id);
  const found = new Map<string, StepRow>();
  const queue = [...view.index.dependents(row.step_id)];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next) || view.index.step(next).group !== group) continue;
    const each = stepOf(view, next);
    if (each.state !== 'pending' && each.state !== 'ready') continue;
    found.set(next, each);
    queue.push(...view.index.dependents(next));
  }
  return [...found.values()].sort((a, b) => a.ord - b.ord);
}

/** Whatever waited only for steps that are left out begins. */
function release(view: RunView, row: StepRow): void {
  for (const id of view.index.dependents(row.step_id)) {
    const dependent = stepOf(view, id);
    dependent.waiting -= 1;
    if (dependent.waiting === 0 && !OVER.includes(dependent.state)) begin(view, id);
  }
}
