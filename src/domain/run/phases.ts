import { cardIntent, postIntent, runIntent } from '../effect/intents.ts';
import { begin } from './begin.ts';
import { ACTIVE, CANCEL_REQUESTED, OVER, TROUBLED, rollbackId, type RunEnding, type StepRow } from './model.ts';
import { pauseOver } from './pause-intent.ts';
import { move } from './transitions.ts';
import { verify } from './verification.ts';
import { record, stepOf, type RunView } from './view.ts';

/*
 * A run goes main → (rollback) → finally. Main is a graph; rollback and finally are sequences: what was finished last
 * is undone first, and clean-up goes in the order in which it is written, whatever happened before.
 */

/**
 * Stops the current phase: what has not begun never will, unless it is clean-up; what is under way is waited for, or
 * cancelled on abort.
 */
export function endEarly(view: RunView, ending: RunEnding, actor = 'lifeboat'): void {
  needAll(view);
  const { run } = view;
  run.ending = ending;
  if (run.state === 'paused') {
    run.state = 'running';
    view.clocks = 'start';
    view.effects.push(pauseOver(run));
  }
  record(view, 'run.ending', actor, { ending });
  let left = 0;
  for (const row of rows(view, run.phase)) {
    if (OVER.includes(row.state) || TROUBLED.includes(row.state)) continue;
    if (row.state === 'running') {
      if (ending === 'aborted') requestCancel(view, row);
    } else if (run.phase === 'finally' && !ACTIVE.includes(row.state)) {
      left += 1;
    } else {
      if (ACTIVE.includes(row.state)) run.active -= 1;
      giveUp(view, stepOf(view, row.step_id));
    }
  }
  run.remaining = run.active + left;
  advance(view);
}

function requestCancel(view: RunView, { step_id }: StepRow): void {
  view.cancel.push(step_id);
  stepOf(view, step_id).error = CANCEL_REQUESTED;
}

/** Of a step that will not be tried again: what may have happened before it was held stays unknown. */
function giveUp(view: RunView, row: StepRow): void {
  if (row.state !== 'ready' || !row.happened) return move(row, 'cancel');
  move(row, 'lose');
  row.error = `not tried again after an attempt that may have happened: ${row.error ?? 'it was interrupted'}`;
  row.finished_at = view.now;
}

/** Goes on when the current phase has nothing left to wait for. */
export function advance(view: RunView): void {
  const { run } = view;
  if (run.active > 0 || run.state === 'paused') return;
  if (run.phase === 'main') {
    if (run.ending === null && run.remaining > 0) return;
    run.ending ??= 'succeeded';
    needAll(view);
    if (run.ending === 'rolled_back') enterRollback(view);
    else enterFinally(view);
    return;
  }
  const next = nextInLine(view);
  if (next) begin(view, next.step_id);
  else if (run.phase === 'rollback') enterFinally(view);
  else complete(view);
}

function enterRollback(view: RunView): void {
  const undo = rows(view, 'main')
    .filter((row) => row.happened && view.index.step(row.step_id).rollback)
    .sort((a, b) => (b.finished_at?.getTime() ?? 0) - (a.finished_at?.getTime() ?? 0) || b.ord - a.ord);
  view.run.phase = 'rollback';
  undo.forEach((row, index) => {
    const added: StepRow = {
      step_id: rollbackId(row.step_id),
      ord: index,
      phase: 'rollback',
      state: 'pending',
      waiting: 0,
      attempt: 0,
      output: null,
      error: null,
      happened: false,
      started_at: null,
      finished_at: null,
    };
    view.steps.set(added.step_id, added);
    view.added.push(added);
  });
  view.run.remaining = undo.length;
  record(view, 'run.rolling_back', 'lifeboat', { steps: undo.map((row) => row.step_id) });
  advance(view);
}

function enterFinally(view: RunView): void {
  view.run.phase = 'finally';
  leaveOutUnapproved(view);
  view.run.remaining = rows(view, 'finally').filter((row) => row.state === 'pending').length;
  advance(view);
}

/** Clean-up that changes a service does not run where nobody agreed to act on it. */
function leaveOutUnapproved(view: RunView): void {
  for (const row of rows(view, 'finally')) {
    const lists = view.index.step(row.step_id).approved_by ?? [];
    const agreed = lists.every((ids) => ids.some((id) => view.steps.get(id)?.state === 'succeeded'));
    if (!agreed && row.state === 'pending') move(stepOf(view, row.step_id), 'cancel');
  }
}

function nextInLine(view: RunView): StepRow | undefined {
  needAll(view);
  return rows(view, view.run.phase).find((row) => row.state === 'pending' || row.state === 'ready');
}

function complete(view: RunView): void {
  const { run, now } = view;
  needAll(view);
  const { doubts } = verify(view.index, [...view.steps.values()]);
  const unverified = run.ending === 'succeeded' && doubts.length > 0;
  run.state = unverified ? 'unverified' : (run.ending ?? 'succeeded');
  if (unverified) run.reason = doubts.join('; ');
  run.finished_at = now;
  const after_ms = now.getTime() - run.started_at.getTime();
  record(view, `run.${run.state}`, 'lifeboat', { after_ms, ...(unverified && { doubts }) });
  view.effects.push(
    runIntent(run.incident_id, run.id, 'over'),
    // What succeeded is read on the run's post and on the card; whatever else came of it, people must hear.
    ...(run.state === 'succeeded' ? [] : [finishedPost(run)]),
    cardIntent(run.incident_id, `run:${run.id}:over`),
  );
}

const finishedPost = ({ incident_id: incident, id }: RunView['run']) =>
  postIntent({
    ...{ incident, key: `run-finished:${id}`, template: 'run-finished', to: 'incident' },
    params: { run: id },
  });

/** The rows of a phase in order. */
export function rows(view: RunView, phase: string): StepRow[] {
  return [...view.steps.values()].filter((row) => row.phase === phase).sort((a, b) => a.ord - b.ord);
}

function needAll(view: RunView): void {
  if (!view.complete) throw new NeedsWholeRun(`run ${view.run.id}: this change looks at every step`);
}

/** Thrown when a decision needs every row of the run; the verb loads them and decides again. */
export class NeedsWholeRun extends Error {
  override readonly name = 'NeedsWholeRun';
}
