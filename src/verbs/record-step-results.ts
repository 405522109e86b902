import type { ClaimedEffect, Taker } from '../domain/effect.ts';
import { NOTHING } from '../domain/decision.ts';
import { postIntent } from '../domain/lanes.ts';
import { finish } from '../domain/run-engine.ts';
import type { Run, StepResult } from '../domain/run-model.ts';
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

export interface Wake {
  incident: number;
  run: number;
  step: string;
  attempt: number;
  /** What a `notify` step says, or why it cannot be said. */
  notice?: { to: string; message: string; role: string | null } | { error: string };
}

/** Ends a `wait` step whose time has come, or a `notify` step by intending its post. */
export async function wakeStep(deps: VerbDeps, wake: Wake): Promise<void> {
  const { run: id, step, attempt, notice } = wake;
  await transact(deps.pool, async (tx) => {
    const { incident, now } = await lock(tx, wake.incident);
    const run = await findRun(tx, id);
    if (!run) return;
    const seen = { woken: false };
    const view = await decideOn(tx, run, [step], now, (each) => {
      seen.woken = each.steps.get(step)?.attempt === attempt && finish(each, step, resultOf(run, notice));
    });
    const said = seen.woken && notice && 'message' in notice ? [noticePost(wake, notice)] : [];
    await persistViews(tx, incident, [view], { events: [], effects: said }, now);
  });
}

function resultOf(run: Run, notice: Wake['notice']): StepResult {
  if (run.ending === 'aborted') return { kind: 'failed', error: 'aborted' };
  if (notice && 'error' in notice) return { kind: 'failed', error: notice.error };
  return { kind: 'succeeded', output: null };
}

function noticePost(
  { incident, run, step, attempt }: Wake,
  notice: { to: string; message: string; role: string | null },
) {
  return postIntent({
    incident,
    key: `notify:${run}:${step}:${attempt}`,
    template: 'step-notice',
    to: notice.to,
    params: { run, step, message: notice.message, role: notice.role },
  });
}
