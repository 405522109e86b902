import type { Decision } from '../../domain/effect/decision.ts';
import { intend, type EffectIntent } from '../../domain/effect/effect.ts';
import type { ChainOwner } from '../../domain/incident/incident.ts';
import type { PlanIndex } from '../../domain/plan/plan-index.ts';
import { NeedsWholeRun } from '../../domain/run/phases.ts';
import type { Run, StepRow } from '../../domain/run/model.ts';
import { view, type RunView } from '../../domain/run/view.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { cancelStale, startClocks, stopClocks } from '../../store/approval/approvals.ts';
import type { Tx } from '../../postgres/db.ts';
import { requestCancel } from '../../outbox/sql/effects.ts';
import type { Continuing } from '../context.ts';
import { persist, persistAll, type Entry } from '../../store/persist.ts';
import { allSteps, findRun, planByDigest, someSteps } from '../../store/run/runs.ts';

/** Loads a run with every step. The incident must be locked. */
export async function loadWhole(tx: Tx, run: Run, now: Date): Promise<RunView> {
  return view(await planByDigest(tx, run.plan_digest), run, await allSteps(tx, run.id), true, now);
}

/** Decides on the rows that the steps touch; only where a decision looks at the whole run are all its rows read. */
export async function decideOn(
  tx: Tx,
  run: Run,
  steps: string[],
  now: Date,
  decide: (view: RunView) => void,
): Promise<RunView> {
  return decideWith(tx, run, steps, now, decide, async (index) => someSteps(tx, run.id, touchedBy(index, steps)));
}

/** The same with the touched rows given by `read`. */
export async function decideWith(
  tx: Tx,
  run: Run,
  steps: string[],
  now: Date,
  decide: (view: RunView) => void,
  read: (index: PlanIndex) => Promise<StepRow[]> | StepRow[],
): Promise<RunView> {
  const index = await planByDigest(tx, run.plan_digest);
  const wholeRun = run.phase !== 'main' || run.ending !== null || run.remaining <= steps.length;
  if (!wholeRun) {
    try {
      const touched = view(index, run, await read(index), false, now);
      decide(touched);
      return touched;
    } catch (error) {
      if (!(error instanceof NeedsWholeRun)) throw error;
    }
  }
  const whole = view(index, run, await allSteps(tx, run.id), true, now);
  decide(whole);
  return whole;
}

/** The steps themselves and those that need them. */
export function touchedBy(index: PlanIndex, steps: string[]): string[] {
  return [...new Set([...steps, ...steps.flatMap((step) => index.dependents(step))])];
}

/** A run of this incident; without an id the newest one that is not over. */
export async function runIn(tx: Tx, incident: number, live: Run[], id: number | null): Promise<Run> {
  if (id !== null) {
    const run = await findRun(tx, id);
    if (run?.incident_id === incident) return run;
    throw new LifeboatError('not_found', `this incident has no run ${id}`, 'see `/dr status`');
  }
  const [only, ...more] = live;
  if (!only) throw new LifeboatError('not_found', 'no run is under way', 'start one with `/dr recover` or `/dr run`');
  if (more.length === 0) return only;
  const names = [only, ...more].map((run) => `${run.id} (${run.name})`).join(', ');
  throw new LifeboatError('ambiguous', `several runs are under way: ${names}`, 'add `run:<number>`');
}

/** Writes what views of one incident decided, together with what else the decision holds. */
export async function persistViews(
  tx: Tx,
  incident: ChainOwner,
  views: RunView[],
  extra: Decision,
  now: Date,
  continuing?: Continuing,
): Promise<void> {
  const { continuation } = continuing ?? {};
  continuing?.noteClaiming();
  const claimed = await persistAll(tx, [entryOf(incident, views, extra)], now, { continuation });
  continuing?.claimed.push(...claimed);
  await followUp(tx, incident, views, now);
}

export function entryOf(incident: ChainOwner, views: RunView[], extra: Decision): Entry {
  return {
    incident,
    decision: {
      ...extra,
      events: [...extra.events, ...views.flatMap((each) => each.events)],
      effects: [...extra.effects, ...views.flatMap((each) => each.effects)],
    },
    changes: {
      runs: views.map((each) => each.run),
      steps: views.map((each) => ({ run_id: each.run.id, ...writtenRows(each) })),
      approvals: views.flatMap((each) => each.approvals),
    },
  };
}

export const needsFollowUp = (view: RunView): boolean =>
  view.cancel.length > 0 || ((view.complete || view.clocks !== null) && view.index.asksPeople);

/** What views ask for besides rows: effects called back, and approvals that nobody waits for any more. */
export async function followUp(tx: Tx, incident: ChainOwner, views: RunView[], now: Date): Promise<void> {
  for (const each of views.filter(needsFollowUp)) {
    if (each.cancel.length > 0) await requestCancel(tx, each.run.id);
    if (each.complete) await tidyApprovals(tx, incident, each, now);
    if (each.clocks !== null && each.index.asksPeople) await moveClocks(tx, incident, each, now);
  }
}

function writtenRows({ steps, changed, added }: RunView): { rows: StepRow[]; added: StepRow[] } {
  const fresh = new Set(added.map((row) => row.step_id));
  const of = (ids: Iterable<string>) => [...ids].map((id) => steps.get(id)).filter((row) => row !== undefined);
  return { rows: of([...changed].filter((id) => !fresh.has(id))), added: of(fresh) };
}

/** Approvals that nobody waits for any more are cancelled, and their messages lose their buttons. */
async function tidyApprovals(tx: Tx, incident: ChainOwner, { run }: RunView, now: Date): Promise<void> {
  const stale = await cancelStale(tx, run.id);
  if (stale.length === 0) return;
  await persist(
    tx,
    incident,
    { events: [], effects: stale.map((id) => renderApproval(incident.id, id, 'cancelled')) },
    now,
  );
}

/** While a run is paused nobody has to hurry: the time of its requests stands still, and their messages say so. */
async function moveClocks(tx: Tx, incident: ChainOwner, { run, clocks }: RunView, now: Date): Promise<void> {
  const version = `${clocks ?? ''}:${run.pauses}`;
  const stopped = clocks === 'stop' ? await stopClocks(tx, run.id, now) : [];
  const started = clocks === 'start' ? await startClocks(tx, run.id, now) : [];
  const shown = [...stopped, ...started.map(({ id }) => id)].map((id) => renderApproval(incident.id, id, version));
  const timers = started.map(({ id, expires_at }) =>
    intend(
      'approval.expire',
      `approval:${id}:expire:${run.pauses}`,
      { incident: incident.id, approval: id },
      {
        due_at: expires_at,
      },
    ),
  );
  if (shown.length > 0) await persist(tx, incident, { events: [], effects: [...shown, ...timers] }, now);
}

/** Shows on an approval's message what became of it. */
export function renderApproval(incident: number, approval: string, version: string): EffectIntent {
  return intend('approval.render', `approval:${approval}:render:${version}`, { incident, approval });
}
