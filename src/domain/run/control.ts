import { LifeboatError } from '../../runtime/errors.ts';
import { cardIntent, runIntent } from '../effect/intents.ts';
import { begin } from './begin.ts';
import { hold, onTrouble, over, pause } from './engine.ts';
import { advance, endEarly, rows } from './phases.ts';
import { TROUBLED, type Run, type StepRow } from './model.ts';
import { pauseOver } from './pause-intent.ts';
import { move } from './transitions.ts';
import { record, stepOf, type RunView } from './view.ts';

/*
 * What people may do to a run. Each function throws a LifeboatError with the fix when the state does not allow it; the
 * view must hold every step.
 */

/** An attempt that was handed over and that no worker had begun; it is taken back from the queue. */
export interface Unbegun {
  step: string;
  attempt: number;
}

/** Lets what is under way finish; first attempts and retries in `unbegun` wait until the run goes on. */
export function pauseRun(view: RunView, actor: string, reason: string, unbegun: readonly Unbegun[] = []): void {
  live(view);
  if (view.run.state === 'paused') throw refuse(view, 'is paused already', 'resume it with `/dr resume`');
  pause(view, reason, actor);
  for (const { step, attempt } of unbegun) {
    const row = stepOf(view, step);
    if (row.state !== 'running' || row.attempt !== attempt) continue;
    hold(view, row, row.error);
    row.attempt -= 1;
  }
}

/** Whether a pause may take back what no worker has begun: what a run that ends waits for is not begun anew. */
export const mayHold = ({ phase, ending }: Pick<Run, 'phase' | 'ending'>): boolean =>
  phase !== 'main' || ending === null;

export function resumeRun(view: RunView, actor: string, reason: string | null): void {
  live(view);
  if (view.run.state !== 'paused') throw refuse(view, 'is not paused', 'see `/dr status`');
  const [stuck] = blocking(view);
  if (stuck) {
    throw refuse(
      view,
      `cannot go on: step \`${stuck.step_id}\` is ${stuck.state}`,
      `\`/dr retry ${stuck.step_id} <reason>\`, \`/dr skip ${stuck.step_id} <reason>\` or \`/dr abort <reason>\``,
    );
  }
  goOn(view, actor, reason);
}

/** Runs a step that failed, timed out or is unknown once more. */
export function retryStep(view: RunView, actor: string, step: string | null, reason: string): void {
  live(view);
  const row = troubled(view, step, 'retry');
  record(view, 'step.retry_asked', actor, { step: row.step_id, was: row.state, reason });
  move(row, 'retry');
  unpause(view, actor, reason);
  if (view.run.state === 'running' && view.steps.get(row.step_id)?.state === 'ready') begin(view, row.step_id);
}

/** Lets the run go on as if the step were done; approval is never skipped. */
export function skipStep(view: RunView, actor: string, step: string | null, reason: string): void {
  live(view);
  const asked = step === null ? null : named(view, step);
  if (asked) refuseApproval(view, asked);
  const held = asked !== null && ['ready', 'waiting_manual'].includes(asked.state);
  const row = held ? asked : troubled(view, step, 'skip');
  refuseApproval(view, row);
  if (row.state === 'waiting_manual') view.run.active -= 1;
  record(view, 'step.skipped', actor, { step: row.step_id, was: row.state, reason });
  move(row, 'skip');
  row.finished_at = view.now;
  over(view, row);
  // A run that a person paused stays paused: only the end of its trouble lets it go on by itself.
  if (!held) unpause(view, actor, reason);
}

function refuseApproval(view: RunView, { step_id }: StepRow): void {
  if (view.index.step(step_id).uses !== 'approval') return;
  throw refuse(
    view,
    `asks for approval in \`${step_id}\`, which nobody can skip`,
    'ask an approver, or `/dr abort <reason>`',
  );
}

export function abortRun(view: RunView, actor: string, reason: string): void {
  live(view);
  record(view, 'run.abort_asked', actor, { reason });
  view.run.reason = reason;
  endEarly(view, 'aborted', actor);
  view.effects.push(cardIntent(view.run.incident_id, `run:${view.run.id}:abort:${view.now.getTime()}`));
}

/** After a person dealt with the last step in trouble the run goes on by itself. */
function unpause(view: RunView, actor: string, reason: string): void {
  if (view.run.state === 'paused' && blocking(view).length === 0) goOn(view, actor, reason);
}

function goOn(view: RunView, actor: string, reason: string | null): void {
  view.run.state = 'running';
  view.clocks = 'start';
  view.effects.push(pauseOver(view.run));
  view.run.reason = null;
  record(view, 'run.resumed', actor, { reason });
  for (const row of rows(view, view.run.phase)) if (row.state === 'ready') begin(view, row.step_id);
  advance(view);
  const { incident_id, id, pauses } = view.run;
  view.effects.push(
    cardIntent(incident_id, `run:${id}:resumed:${view.now.getTime()}`),
    runIntent(incident_id, id, `resumed:${pauses}`),
  );
}

/** Steps that keep the run from going on until a person decides; what ends or was aborted waits for nobody's decision. */
function blocking(view: RunView): StepRow[] {
  const { phase, ending } = view.run;
  if (phase === 'finally' || ending === 'aborted' || (phase === 'main' && ending !== null)) return [];
  return rows(view, phase).filter((row) => TROUBLED.includes(row.state) && onTrouble(view, row) !== 'continue');
}

function troubled(view: RunView, step: string | null, verb: 'skip' | 'retry'): StepRow {
  if (step !== null) {
    const row = named(view, step);
    if (blocking(view).some((each) => each.step_id === step)) return row;
    const passed = TROUBLED.includes(row.state) ? ', and went on without it' : '';
    throw refuse(
      view,
      `has step \`${step}\` ${row.state}${passed}`,
      verb === 'skip'
        ? 'only a held or manual step, or one that the run waits for in trouble, can be skipped'
        : 'only a failed, timed-out or unknown step that the run waits for can be retried',
    );
  }
  const stuck = blocking(view);
  const [only, ...more] = stuck;
  if (!only) throw refuse(view, `has no step to ${verb}`, 'see `/dr status`');
  if (more.length > 0) {
    const names = stuck.map((row) => `\`${row.step_id}\``).join(', ');
    throw new LifeboatError(
      'ambiguous',
      `${stuck.length} steps need a decision: ${names}`,
      `name one: \`/dr ${verb} <step> <reason>\``,
    );
  }
  return stepOf(view, only.step_id);
}

function named(view: RunView, step: string): StepRow {
  if (!view.steps.has(step)) {
    const names = rows(view, view.run.phase).map((row) => row.step_id);
    throw new LifeboatError(
      'not_found',
      `run ${view.run.id} has no step \`${step}\``,
      `its steps: ${names.slice(0, 20).join(', ')}`,
    );
  }
  return stepOf(view, step);
}

function live(view: RunView): void {
  if (view.run.finished_at)
    throw refuse(view, `is over: ${view.run.state}`, 'start it again with `/dr run` or `/dr recover`');
}

function refuse(view: RunView, what: string, fix: string): LifeboatError {
  return new LifeboatError('conflict', `run ${view.run.id} (${view.run.name}) ${what}`, fix);
}
