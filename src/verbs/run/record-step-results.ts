import type { Claimant, ClaimedRow } from '../../domain/effect/effect.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { postIntent } from '../../domain/effect/intents.ts';
import { finish } from '../../domain/run/engine.ts';
import type { Run, StepResult } from '../../domain/run/model.ts';
import type { RunView } from '../../domain/run/view.ts';
import { commitWithoutWaiting } from '../../postgres/db.ts';
import type { Settlement } from '../../outbox/sql/effects.ts';
import { lockChains } from '../../store/incident/incidents.ts';
import { persistAll } from '../../store/persist.ts';
import { findRun, loadReported, planByDigest } from '../../store/run/runs.ts';
import { lock, transactContinuing, transactInTurn, type VerbDeps } from '../context.ts';
import { decideOn, decideWith, entryOf, followUp, needsFollowUp, persistViews, touchedBy } from './run-views.ts';

export interface StepReport {
  effect: { id: string; fence: number };
  incident: number;
  run: number;
  plan: string; // digest
  step: string;
  attempt: number;
  result: StepResult;
}

/**
 * Writes the results of steps in one transaction and begins what they made ready, whatever incidents they belong to. A
 * report with an old fence is dropped: another worker owns that step now. Returns the effects to continue with.
 */
export async function recordStepResults(
  deps: VerbDeps,
  reports: StepReport[],
  continuation: Claimant,
): Promise<ClaimedRow[]> {
  const touched = await touchedRows(deps, reports);
  const ids = unique(reports.map((report) => report.incident));
  return transactInTurn(deps, ids, async (tx, last) => {
    const effects = reports.map((report) => report.effect);
    // Sent together: the rows are read by a statement of its own, after the locks are held.
    const [{ incidents, now }, rows] = await Promise.all([
      lockChains(tx, ids),
      loadReported(tx, continuation.worker, effects, touched),
    ]);
    const valid = reports.filter((report) => rows.held.has(report.effect.id));
    if (valid.length === 0) return [];
    const views: RunView[] = [];
    for (const run of rows.runs) {
      const mine = valid.filter((report) => report.run === run.id);
      const steps = mine.map((report) => report.step);
      const read = () => rows.steps.get(run.id) ?? [];
      if (mine.length > 0) views.push(await decideWith(tx, run, steps, now, (view) => apply(view, mine), read));
    }
    const ofIncident = (id: number) => views.filter((view) => view.run.incident_id === id);
    const entries = incidents.map((incident) => entryOf(incident, ofIncident(incident.id), NOTHING));
    const settled = valid.map(({ effect }) => settledAs(effect.id));
    if (!views.some(needsFollowUp)) {
      const unhurried = views.every(isRepeatable) ? commitWithoutWaiting(tx) : Promise.resolve();
      const [claimed] = await Promise.all([last(persistAll(tx, entries, now, { continuation, settled })), unhurried]);
      return claimed;
    }
    const claimed = await persistAll(tx, entries, now, { continuation, settled });
    for (const incident of incidents) await followUp(tx, incident, ofIncident(incident.id), now);
    return claimed;
  });
}

/** The plans are read before the locks: they never change, and mostly this process knows them. */
async function touchedRows(deps: VerbDeps, reports: StepReport[]): Promise<{ run: number; step: string }[]> {
  const touched = new Map<string, { run: number; step: string }>();
  for (const { plan, run, step } of reports) {
    const index = await planByDigest(deps.pool, plan);
    index.step(step); // a step that the plan does not have is a defect, and must not pass as a late report
    for (const each of touchedBy(index, [step])) touched.set(`${run}/${each}`, { run, step: each });
  }
  return [...touched.values()];
}

/** No step that ended or began is `once`: if a crash of the server takes this back, running them again does no harm. */
function isRepeatable({ changed, index }: RunView): boolean {
  return [...changed].every((id) => index.step(id).side_effect !== 'once');
}

const settledAs = (id: string): Settlement => ({
  id,
  state: 'done',
  due_at: null,
  doubtful: false,
  result: null,
  error: null,
});

const unique = <T>(values: T[]): T[] => [...new Set(values)];

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
  await transactContinuing(deps, wake.incident, async (tx, continuing) => {
    const { incident, now } = await lock(tx, wake.incident);
    const run = await findRun(tx, id);
    if (!run) return;
    const seen = { woken: false };
    const view = await decideOn(tx, run, [step], now, (each) => {
      seen.woken = each.steps.get(step)?.attempt === attempt && finish(each, step, resultOf(run, notice));
    });
    const said = seen.woken && notice && 'message' in notice ? [noticePost(wake, notice)] : [];
    await persistViews(tx, incident, [view], { events: [], effects: said }, now, continuing);
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
