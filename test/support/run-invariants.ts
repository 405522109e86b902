import { ACTIVE, type Run, type StepRow } from '../../src/domain/run/model.ts';
import type { RunView } from '../../src/domain/run/view.ts';
import type { NewEvent } from '../../src/domain/incident/timeline.ts';
import type { RunDriver } from './run-driver.ts';

/** Throws when a change left the run in a state that must never be: the rules are written down here a second time. */
export function checkRun(driver: RunDriver, before: Run, decided: RunView): void {
  const { run } = driver;
  const rows = [...driver.rows.values()];
  const active = rows.filter((row) => ACTIVE.includes(row.state));
  must(run.active === active.length, `active is ${run.active}, rows say ${active.length}`);
  must(run.remaining === remaining(driver, rows), `remaining is ${run.remaining}, rows say ${remaining(driver, rows)}`);
  must(run.finished_at !== null || run.state === 'paused' || active.length > 0, 'it runs and nothing is under way');
  must(run.finished_at === null || active.length === 0, 'it is over and something is under way');
  const ended = run.state === 'unverified' ? 'succeeded' : run.state;
  must(run.finished_at === null || ended === run.ending, `it ended as ${run.state} and not as ${run.ending}`);
  for (const row of active) alive(driver, row);
  for (const row of rows) if (row.phase === 'main') counts(driver, row);
  const first = decided.events[0]?.kind ?? '';
  for (const event of decided.events) {
    if (event.kind !== 'step.started') continue;
    const step = stepIn(event);
    must(before.state !== 'paused' || run.state !== 'paused', `${step} began while the run was paused (${first})`);
    const row = driver.rows.get(step)!;
    must(row.phase !== 'main' || run.ending === null || before.ending === null, `${step} began in an ending run`);
    for (const need of row.phase === 'main' ? driver.index.step(step).needs : []) {
      must(over(driver, driver.rows.get(need)!), `${step} began before its need ${need} was over`);
    }
  }
}

/** The step that an event is about. */
export function stepIn({ data }: NewEvent): string {
  return typeof data['step'] === 'string' ? data['step'] : '';
}

/** Nobody waits for a step any more: it is done, a person let it go, or its failure does not matter. */
function over(driver: RunDriver, row: StepRow): boolean {
  const step = driver.index.step(row.step_id);
  if (['succeeded', 'skipped', 'cancelled'].includes(row.state)) return true;
  if (step.on_failure !== 'continue' || step.uses === 'approval') return false;
  return row.state === 'failed' || row.state === 'timed_out';
}

function remaining(driver: RunDriver, rows: StepRow[]): number {
  const { phase, ending } = driver.run;
  const mine = rows.filter((row) => row.phase === phase);
  if (phase === 'main' && ending === null) return mine.filter((row) => !over(driver, row)).length;
  const states = phase === 'main' ? [] : ['pending', 'ready'];
  const troubled = phase === 'rollback' && ending !== 'aborted' ? ['failed', 'timed_out', 'unknown'] : [];
  return mine.filter((row) => [...states, ...troubled, ...ACTIVE].includes(row.state)).length;
}

function alive({ effects, approvals }: RunDriver, { step_id, attempt, state }: StepRow): void {
  const handed = effects.get(`${step_id}#${attempt}`);
  const lives =
    state === 'running'
      ? handed !== undefined && handed.state !== 'done'
      : [...approvals.values()].some((each) => each.step_id === step_id && each.open);
  must(lives, `${step_id} is ${state} and nobody was asked to do attempt ${attempt}`);
}

function counts(driver: RunDriver, { step_id, waiting }: StepRow): void {
  if (driver.run.ending !== null) return;
  const open = driver.index.step(step_id).needs.filter((need) => !over(driver, driver.rows.get(need)!)).length;
  must(waiting === open, `${step_id} waits for ${waiting} needs, rows say ${open}`);
}

function must(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}
