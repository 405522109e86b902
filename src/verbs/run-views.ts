import type { Decision } from '../domain/decision.ts';
import type { ClaimedEffect, EffectIntent, Taker } from '../domain/effect.ts';
import type { Incident } from '../domain/incident.ts';
import { incidentLane } from '../domain/lanes.ts';
import { NeedsWholeRun } from '../domain/run-phases.ts';
import type { Run, StepRow } from '../domain/run-model.ts';
import { view, type RunView } from '../domain/run-view.ts';
import { LifeboatError } from '../errors.ts';
import { cancelStale } from '../store/approvals.ts';
import type { Tx } from '../store/db.ts';
import { requestCancel } from '../store/effects.ts';
import { persist } from '../store/persist.ts';
import { allSteps, findRun, planByDigest, someSteps } from '../store/runs.ts';

/** Loads a run with the given steps and what depends on them, or with every step. The incident must be locked. */
export async function loadView(tx: Tx, run: Run, steps: string[] | 'all', now: Date): Promise<RunView> {
  const index = await planByDigest(tx, run.plan_digest);
  if (steps === 'all') return view(index, run, await allSteps(tx, run.id), true, now);
  const touched = [...new Set([...steps, ...steps.flatMap((step) => index.dependents(step))])];
  return view(index, run, await someSteps(tx, run.id, touched), false, now);
}

/** Decides on the rows that the steps touch; only where a decision looks at the whole run are all its rows read. */
export async function decideOn(
  tx: Tx,
  run: Run,
  steps: string[],
  now: Date,
  decide: (view: RunView) => void,
): Promise<RunView> {
  const wholeRun = run.phase !== 'main' || run.ending !== null || run.remaining <= steps.length;
  try {
    const touched = await loadView(tx, run, wholeRun ? 'all' : steps, now);
    decide(touched);
    return touched;
  } catch (error) {
    if (!(error instanceof NeedsWholeRun)) throw error;
    const whole = await loadView(tx, run, 'all', now);
    decide(whole);
    return whole;
  }
}

/** A run of this incident; without an id the newest one that is not over. */
export async function runIn(tx: Tx, incident: number, live: Run[], id: number | null): Promise<Run> {
  if (id !== null) {
    const run = await findRun(tx, id);
    if (run?.incident_id === incident) return run;
    throw new LifeboatError('not_found', `this incident has no run ${id}`, 'see `/dr status`');
  }
  const [only, ...more] = live.filter((run) => run.finished_at === null);
  if (!only) throw new LifeboatError('not_found', 'no run is under way', 'start one with `/dr recover` or `/dr run`');
  if (more.length === 0) return only;
  const names = [only, ...more].map((run) => `${run.id} (${run.name})`).join(', ');
  throw new LifeboatError('ambiguous', `several runs are under way: ${names}`, 'add `run:<number>`');
}

/** Writes what views decided, together with what else the decision holds. */
export async function persistViews(
  tx: Tx,
  incident: Incident,
  views: RunView[],
  extra: Decision,
  now: Date,
  take?: Taker,
): Promise<ClaimedEffect[]> {
  const decision: Decision = {
    ...extra,
    events: [...extra.events, ...views.flatMap((each) => each.events)],
    effects: [...extra.effects, ...views.flatMap((each) => each.effects)],
  };
  const taken = await persist(tx, incident, decision, now, {
    runs: views.map((each) => each.run),
    steps: views.map((each) => ({ run_id: each.run.id, rows: changedRows(each) })),
    approvals: views.flatMap((each) => each.approvals),
    ...(take && { take }),
  });
  for (const each of views) {
    if (each.cancel.length > 0) await requestCancel(tx, each.run.id);
    if (each.complete) await tidyApprovals(tx, incident, each, now);
  }
  return taken;
}

function changedRows(view: RunView): StepRow[] {
  const ids = new Set([...view.changed, ...view.added.map((row) => row.step_id)]);
  return [...ids].map((id) => view.steps.get(id)).filter((row) => row !== undefined);
}

/** Consents that nobody waits for any more are canceled, and their messages lose their buttons. */
async function tidyApprovals(tx: Tx, incident: Incident, { run }: RunView, now: Date): Promise<void> {
  const stale = await cancelStale(tx, run.id);
  if (stale.length === 0) return;
  await persist(
    tx,
    incident,
    { events: [], effects: stale.map((id) => renderApproval(incident.id, id, 'canceled')) },
    now,
  );
}

/** Shows on an approval's message what became of it. */
export function renderApproval(incident: number, approval: string, version: string): EffectIntent {
  return {
    key: `approval:${approval}:render:${version}`,
    kind: 'approval.render',
    queue: 'chat',
    payload: { incident, approval },
    ordering_key: incidentLane(incident),
  };
}
