import type { Json } from '../../domain/json.ts';
import { indexPlan, type PlanIndex } from '../../domain/plan/plan-index.ts';
import type { Plan, Run, StepRow } from '../../domain/run/model.ts';
import { rows, type Db, type Tx } from '../../postgres/db.ts';

const KEPT_PLANS = 50;
const indexes = new Map<string, PlanIndex>();

/** The frozen plan with its look-ups; a plan never changes, so each process reads it once. */
export async function planByDigest(db: Db, digest: string): Promise<PlanIndex> {
  const known = indexes.get(digest);
  if (known) return known;
  const [row] = await rows<{ body: Plan }>(db, 'plan', 'select body from plan where digest = $1', [digest]);
  if (!row) throw new Error(`plan ${digest} is not stored`);
  return remember(indexPlan(row.body));
}

/** Keeps the newest plans; a plan of a run under way is read again when it is needed. */
function remember(index: PlanIndex): PlanIndex {
  indexes.delete(index.plan.digest);
  for (const oldest of [...indexes.keys()].slice(0, Math.max(0, indexes.size - KEPT_PLANS + 1))) indexes.delete(oldest);
  indexes.set(index.plan.digest, index);
  return index;
}

/** The number of a run that is about to be inserted. */
export async function nextRunId(tx: Tx): Promise<number> {
  const [row] = await rows<{ id: number }>(
    tx,
    'next-run',
    `select nextval(pg_get_serial_sequence('run', 'id'))::integer as id`,
    [],
  );
  if (!row) throw new Error('the run sequence gave no number');
  return row.id;
}

/** A run of a plan that has not begun anything yet, with a row for each step. */
export function newRun(
  id: number,
  input: { incident: number; plan: Plan; requested_by: string; now: Date },
): { run: Run; steps: StepRow[] } {
  const { incident, plan, requested_by, now } = input;
  const run: Run = {
    id,
    incident_id: incident,
    plan_digest: plan.digest,
    name: plan.name,
    requested_by,
    state: 'running',
    phase: 'main',
    ending: null,
    remaining: plan.steps.length,
    active: 0,
    reason: null,
    pauses: 0,
    paused_by: null,
    started_at: now,
    finished_at: null,
  };
  return { run, steps: [...planRows(plan, 'main'), ...planRows(plan, 'finally')] };
}

/** Stores a run and its plan; the plan is remembered, since its first steps follow at once. */
export async function insertRun(tx: Tx, run: Run, index: PlanIndex): Promise<void> {
  remember(index);
  await rows(
    tx,
    'insert-run',
    `with kept as (insert into plan (digest, body) values ($3, $7) on conflict do nothing)
     insert into run (id, incident_id, plan_digest, name, requested_by, state, remaining, started_at)
     overriding system value values ($1, $2, $3, $4, $5, 'running', $6, $8)`,
    [
      run.id,
      run.incident_id,
      run.plan_digest,
      run.name,
      run.requested_by,
      run.remaining,
      JSON.stringify(index.plan),
      run.started_at,
    ],
  );
}

function planRows(plan: Plan, phase: 'main' | 'finally'): StepRow[] {
  return (phase === 'main' ? plan.steps : plan.finally).map((step, ord) => ({
    step_id: step.id,
    ord,
    phase: phase,
    state: 'pending',
    waiting: phase === 'main' ? step.needs.length : 0,
    attempt: 0,
    output: null,
    error: null,
    happened: false,
    started_at: null,
    finished_at: null,
  }));
}

export async function findRun(db: Db, id: number): Promise<Run | null> {
  const [row] = await rows<Run>(db, 'find-run', 'select * from run where id = $1', [id]);
  return row ?? null;
}

/** The run of this name that is not over in the incident, if there is one. */
export async function liveRunNamed(db: Db, incident: number, name: string): Promise<Run | null> {
  const [row] = await rows<Run>(
    db,
    'live-run-named',
    'select * from run where incident_id = $1 and name = $2 and finished_at is null limit 1',
    [incident, name],
  );
  return row ?? null;
}

/** Every run of an incident that is not over, newest first: what decisions look at, however many there were. */
export function liveRunsOf(db: Db, incident: number): Promise<Run[]> {
  return rows<Run>(
    db,
    'live-runs-of',
    'select * from run where incident_id = $1 and finished_at is null order by id desc',
    [incident],
  );
}

/** The newest runs of an incident, newest first, at most 50: to be shown. */
export function runsOf(db: Db, incident: number): Promise<Run[]> {
  return rows<Run>(db, 'runs-of', 'select * from run where incident_id = $1 order by id desc limit 50', [incident]);
}

const STEP = 'step_id, ord, phase, state, waiting, attempt, output, error, happened, started_at, finished_at';

export function allSteps(db: Db, run: number): Promise<StepRow[]> {
  return rows<StepRow>(db, 'all-steps', `select ${STEP} from step where run_id = $1 order by ord`, [run]);
}

export function someSteps(db: Db, run: number, ids: string[]): Promise<StepRow[]> {
  return rows<StepRow>(db, 'some-steps', `select ${STEP} from step where run_id = $1 and step_id = any($2)`, [
    run,
    ids,
  ]);
}

export interface ReportedRows {
  /** Effects that the worker still holds, locked. */
  held: Set<string>;
  runs: Run[];
  steps: Map<number, StepRow[]>;
}

/** What deciding on finished steps needs, in one round trip: who still holds what, the runs, and the touched rows. */
export async function loadReported(
  tx: Tx,
  worker: string,
  effects: { id: string; fence: number }[],
  touched: { run: number; step: string }[],
): Promise<ReportedRows> {
  const [row] = await rows<{ held: string[]; runs: Run[]; steps: (StepRow & { run_id: number })[] }>(
    tx,
    'load-reported',
    `with held as (
       select e.id from effect e join unnest($1::bigint[], $2::integer[]) as x(id, fence)
         on e.id = x.id and e.fence = x.fence
       where e.worker = $3 and e.state = 'running' order by e.id for update of e)
     select (select coalesce(jsonb_agg(id::text), '[]') from held) as held,
       (select coalesce(jsonb_agg(r), '[]') from run r where r.id = any($4::integer[])) as runs,
       (select coalesce(jsonb_agg(s), '[]') from step s join unnest($4::integer[], $5::text[]) as k(run_id, step_id)
          on s.run_id = k.run_id and s.step_id = k.step_id) as steps`,
    [
      effects.map((each) => each.id),
      effects.map((each) => each.fence),
      worker,
      touched.map((each) => each.run),
      touched.map((each) => each.step),
    ],
  );
  const steps = new Map<number, StepRow[]>();
  for (const { run_id, ...step } of row?.steps ?? []) steps.set(run_id, [...(steps.get(run_id) ?? []), dated(step)]);
  return { held: new Set(row?.held), runs: (row?.runs ?? []).map(dated), steps };
}

/** Rows that came as JSON have their times as text. */
function dated<T extends { started_at: Date | null; finished_at: Date | null }>(row: T): T {
  const date = (value: Date | null): Date | null => (value === null ? null : new Date(value));
  return { ...row, started_at: date(row.started_at), finished_at: date(row.finished_at) };
}

/** A step without what it returned, which may be long, and which no message shows. */
const SHOWN = 'step_id, ord, phase, state, waiting, attempt, null as output, error, started_at, finished_at';

/** Steps that run, wait for somebody, or are in trouble: what a person wants to see first. */
export function liveSteps(db: Db, run: number): Promise<StepRow[]> {
  return rows<StepRow>(
    db,
    'live-steps',
    `select ${SHOWN} from step where run_id = $1 and state in
       ('ready', 'running', 'waiting_approval', 'waiting_manual', 'failed', 'timed_out', 'unknown')
     order by ord limit 20`,
    [run],
  );
}

/** Steps that are over, in the order in which they ended; the first 100 tell the story. */
export function finishedSteps(db: Db, run: number): Promise<StepRow[]> {
  return rows<StepRow>(
    db,
    'finished-steps',
    `select ${SHOWN} from step where run_id = $1 and finished_at is not null order by finished_at, ord limit 100`,
    [run],
  );
}

export async function stepOutputs(db: Db, run: number, ids: string[]): Promise<Record<string, Json>> {
  const found = await rows<{ step_id: string; output: Json }>(
    db,
    'step-outputs',
    'select step_id, output from step where run_id = $1 and step_id = any($2)',
    [run, ids],
  );
  return Object.fromEntries(found.map((row) => [row.step_id, row.output]));
}

/** What steps gave that are done or left out; a step that may still give something else is not among them. */
export async function succeededOutputs(db: Db, run: number, ids: string[]): Promise<Record<string, Json>> {
  const found = await rows<{ step_id: string; output: Json }>(
    db,
    'succeeded-outputs',
    `select step_id, output from step
     where run_id = $1 and step_id = any($2) and state in ('succeeded', 'skipped')`,
    [run, ids],
  );
  return Object.fromEntries(found.map((row) => [row.step_id, row.output]));
}

export async function stepCounts(db: Db, run: number): Promise<Record<string, number>> {
  const found = await rows<{ state: string; count: number }>(
    db,
    'step-counts',
    `select state, count(*)::integer as count from step where run_id = $1 and phase = 'main' group by state`,
    [run],
  );
  return Object.fromEntries(found.map((row) => [row.state, row.count]));
}

/** The services that the newest runs of an incident recovered, or began to. */
export async function recoveredServices(db: Db, incident: number): Promise<string[]> {
  const ended = (await runsOf(db, incident)).filter(({ state }) => state === 'succeeded' || state === 'unverified');
  const plans = await Promise.all(ended.map((run) => planByDigest(db, run.plan_digest)));
  return [...new Set(plans.flatMap(({ plan }) => plan.services))];
}
