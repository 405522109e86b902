import type { ClaimedEffect, Taker } from '../domain/effect.ts';
import { NOTHING } from '../domain/decision.ts';
import { finish } from '../domain/run-engine.ts';
import type { StepResult } from '../domain/run-model.ts';
import type { RunView } from '../domain/run-view.ts';
import { transact } from '../store/db.ts';
import { held, settle } from '../store/effects.ts';
import { findRun } from '../store/runs.ts';
import { lock, type VerbDeps } from './context.ts';
import { decideOn, persistViews } from './run-views.ts';

export interface StepReport {
  effect: { id: string; fence: number };
  run: number;
  step: string;
  attempt: number;
  result: StepResult;
}

/**
 * Writes the results of steps of one incident in one transaction and begins what they made ready. A report with an old
 * fence is dropped: another worker owns that step now. Returns the effects that `take` took over.
 */
export async function recordStepResults(
  deps: VerbDeps,
  incident: number,
  reports: StepReport[],
  take: Taker,
): Promise<ClaimedEffect[]> {
  return transact(deps.pool, async (tx) => {
    const locked = await lock(tx, incident);
    const mineStill = await held(
      tx,
      reports.map((report) => report.effect),
      take.worker,
    );
    const valid = reports.filter((report) => mineStill.has(report.effect.id));
    if (valid.length === 0) return [];
    const views: RunView[] = [];
    for (const run of new Set(valid.map((report) => report.run))) {
      const found = await findRun(tx, run);
      if (!found) continue;
      const mine = valid.filter((report) => report.run === run);
      const steps = mine.map((report) => report.step);
      views.push(await decideOn(tx, found, steps, locked.now, (view) => apply(view, mine)));
    }
    await settle(
      tx,
      valid.map(({ effect }) => ({
        id: effect.id,
        state: 'done',
        due_at: null,
        doubtful: false,
        result: null,
        error: null,
      })),
    );
    return persistViews(tx, locked.incident, views, NOTHING, locked.now, take);
  });
}

function apply(view: RunView, reports: StepReport[]): void {
  for (const { step, attempt, result } of reports) {
    if (view.steps.get(step)?.attempt === attempt) finish(view, step, result);
  }
}

/** Ends a `wait` or a `notify` step whose time has come. */
export async function wakeStep(
  deps: VerbDeps,
  input: { incident: number; run: number; step: string; attempt: number },
): Promise<void> {
  await transact(deps.pool, async (tx) => {
    const { incident, now } = await lock(tx, input.incident);
    const run = await findRun(tx, input.run);
    if (!run) return;
    const result: StepResult =
      run.ending === 'aborted' ? { kind: 'failed', error: 'aborted' } : { kind: 'succeeded', output: null };
    const view = await decideOn(tx, run, [input.step], now, (each) => {
      if (each.steps.get(input.step)?.attempt === input.attempt) finish(each, input.step, result);
    });
    await persistViews(tx, incident, [view], NOTHING, now);
  });
}
