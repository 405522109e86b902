import { backoff } from '../effect/backoff.ts';
import type { EffectIntent } from '../effect/effect.ts';
import type { OnFailure } from '../estate/model.ts';
import { cardIntent, runIntent as shownRun, runProgress } from '../effect/intents.ts';
import { begin, runIntent } from './begin.ts';
import { actionOf } from '../actions/index.ts';
import { spare } from './spare.ts';
import { ACTIVE, CANCEL_REQUESTED, OVER, type PlanStep, type StepResult, type StepRow } from './model.ts';
import { advance, endEarly } from './phases.ts';
import { pauseIntent } from './pause-intent.ts';
import { ENDS_AS, move } from './transitions.ts';
import { record, stepOf, type RunView } from './view.ts';

/** Starts the steps that need nothing. */
export function start(view: RunView, actor: string): void {
  const { plan } = view.index;
  record(view, 'run.started', actor, { name: plan.name, digest: plan.digest, steps: plan.steps.length });
  for (const row of [...view.steps.values()]) {
    if (row.phase === 'main' && row.waiting === 0) begin(view, row.step_id);
  }
  if (view.run.remaining === 0) advance(view);
  view.effects.push(cardIntent(view.run.incident_id, `run:${view.run.id}`));
}

/** Takes what is known of a step that was running or waiting; a report of any other step is late and changes nothing. */
export function finish(view: RunView, id: string, result: StepResult, actor = 'lifeboat'): boolean {
  const row = stepOf(view, id);
  if (!ACTIVE.includes(row.state)) return false;
  if (result.kind === 'spared') return spare(view, row, result.error);
  const step = view.index.step(id);
  const cancelled = row.error === CANCEL_REQUESTED;
  const last = cancelled || (row.phase === 'main' && view.run.ending !== null);
  row.happened ||= mayHaveHappened(step, result);
  if (repeatable(step, result) && row.attempt < step.retry.max_attempts && !last) {
    const error = result.kind === 'succeeded' ? '' : result.error;
    if (view.run.state === 'paused') hold(view, row, error);
    else again(view, row, error);
    return true;
  }
  view.run.active -= 1;
  row.finished_at = view.now;
  move(row, cancelled && !row.happened ? 'cancel' : ENDS_AS[result.kind]);
  row.error = result.kind === 'succeeded' ? null : result.error;
  if (result.kind === 'succeeded') row.output = result.output;
  record(view, `step.${row.state}`, actor, {
    step: id,
    attempt: row.attempt,
    ...(result.kind !== 'succeeded' && { error: result.error }),
  });
  if (cancelled) over(view, row);
  else settle(view, row);
  view.effects.push(progress(view), runProgress(view.run.incident_id, view.run.id, view.now));
  return true;
}

/** Whether the attempt did what the step does, or may have. */
function mayHaveHappened({ side_effect }: PlanStep, result: StepResult): boolean {
  if (result.kind === 'succeeded') return true;
  return side_effect !== 'none' && (result.kind !== 'failed' || result.happened === true);
}

/**
 * A `once` step is repeated by itself only when it surely did not happen, and no step beside what still runs of it; what
 * people and the clock do never is.
 */
function repeatable(step: PlanStep, result: StepResult): boolean {
  if (result.kind === 'succeeded' || actionOf(step.uses).by !== 'worker') return false;
  if (result.kind === 'unknown' && result.running) return false;
  return step.side_effect !== 'once' || (result.kind === 'failed' && result.happened !== true);
}

/** What a finished step means for the run. */
function settle(view: RunView, row: StepRow): void {
  const { run } = view;
  const mainEnds = row.phase === 'main' && run.ending !== null;
  if (OVER.includes(row.state) || row.phase === 'finally' || mainEnds) return over(view, row);
  const policy = onTrouble(view, row);
  const asked = row.state === 'timed_out' && actionOf(view.index.step(row.step_id).uses).by === 'person';
  if (policy === 'continue') return over(view, row);
  if (policy === 'fail') return endEarly(view, 'failed');
  if (policy === 'rollback') return endEarly(view, 'rolled_back');
  const what = row.state === 'unknown' ? 'may or may not have happened' : 'failed';
  pause(view, asked && row.error !== null ? row.error : `step ${row.step_id} ${what}`);
}

/** What a step in trouble does to its run. Doubt and a failed undo need a person, and no run continues without approval. */
export function onTrouble(view: RunView, row: StepRow): OnFailure {
  if (row.state === 'unknown' || row.phase !== 'main') return 'pause';
  const { uses, with: input, on_failure } = view.index.step(row.step_id);
  if (uses !== 'approval') return on_failure;
  if (row.state === 'timed_out') return input['on_timeout'] === 'fail' ? 'fail' : 'pause';
  return on_failure === 'continue' ? 'pause' : on_failure;
}

/** The step needs nothing more: whatever waited only for it begins. */
export function over(view: RunView, row: StepRow): void {
  view.run.remaining -= 1;
  if (!view.run.ending && row.phase === 'main') {
    for (const id of view.index.dependents(row.step_id)) {
      const dependent = stepOf(view, id);
      dependent.waiting -= 1;
      if (dependent.waiting === 0 && !OVER.includes(dependent.state)) begin(view, id);
    }
  }
  advance(view);
}

/** Says so once for each pause: more trouble edits the message instead of sending one for each step. */
export function pause(view: RunView, reason: string, actor = 'lifeboat'): void {
  const { run } = view;
  if (run.state === 'paused' && run.paused_by === actor) {
    view.effects.push(pauseIntent('pause.render', run, run.reason ?? reason, actor), pausedCard(view));
    return;
  }
  Object.assign(run, { state: 'paused', reason, paused_by: actor, pauses: run.pauses + 1 });
  view.clocks = 'stop';
  record(view, 'run.paused', actor, { reason });
  const { incident_id, id, pauses } = run;
  view.effects.push(
    pauseIntent('pause.post', run, reason, actor),
    pausedCard(view),
    shownRun(incident_id, id, `paused:${pauses}`),
  );
}

const pausedCard = ({ run, now }: RunView): EffectIntent =>
  cardIntent(run.incident_id, `run:${run.id}:paused:${now.getTime()}`);

/** While the run is paused nothing is tried again by itself: that waits until the run goes on. */
export function hold(view: RunView, row: StepRow, error: string | null): void {
  view.run.active -= 1;
  move(row, 'hold');
  row.error = error;
  record(view, 'step.held', 'lifeboat', { step: row.step_id, attempt: row.attempt, error });
}

function again(view: RunView, row: StepRow, error: string): void {
  const { retry } = view.index.step(row.step_id);
  const pause_ms = backoff(row.attempt, retry.interval, retry.max_interval, retry.backoff_factor);
  record(view, 'step.retried', 'lifeboat', { step: row.step_id, attempt: row.attempt, error, pause_ms });
  row.attempt += 1;
  row.error = error;
  view.effects.push({
    ...runIntent(view, row.step_id, row.attempt),
    due_at: new Date(view.now.getTime() + pause_ms),
  });
}

/** Progress on the card is shown at most once a second however fast the steps are. */
function progress({ run, now }: RunView): EffectIntent {
  const version = `run:${run.id}:${now.getTime()}:${run.remaining}`;
  return cardIntent(run.incident_id, version, new Date(now.getTime() + 1000));
}
