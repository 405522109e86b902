import type { Plan, Run } from '../../domain/run/model.ts';
import { start } from '../../domain/run/engine.ts';
import type { Estate } from '../../domain/estate/model.ts';
import { plainName } from '../../domain/estate/people.ts';
import { label } from '../../domain/incident/incident.ts';
import { indexPlan } from '../../domain/plan/plan-index.ts';
import { view } from '../../domain/run/view.ts';
import { postIntent, postsIntent, runPost } from '../../domain/effect/intents.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { persistAll } from '../../store/persist.ts';
import { takeLocks, type Lock } from '../../store/run/locks.ts';
import { insertRun, liveRunNamed, newRun, nextRunId } from '../../store/run/runs.ts';
import {
  deduplicate,
  lock,
  needOpen,
  refuseDrill,
  transactContinuing,
  type Continuing,
  type Locked,
  type Request,
  type VerbDeps,
} from '../context.ts';
import { entryOf } from './run-views.ts';

/** Freezes a plan into a run of the incident and begins it at once; approval is asked by the plan's own steps. */
export async function startRun(deps: VerbDeps, request: Request, incident: number, plan: Plan): Promise<Run> {
  return transactContinuing(deps, incident, async (tx, continuing) => {
    // Sent together; the lock comes first, so the others see what earlier holders of it wrote.
    const [locked, , liveRun, id] = await Promise.all([
      lock(tx, incident),
      deduplicate(tx, request),
      liveRunNamed(tx, incident, plan.name),
      nextRunId(tx),
    ]);
    needOpen(locked.incident, 'start a run');
    refuseDrill(locked.incident, 'start a run');
    refuseSecondRun(liveRun);
    await lockPlan(deps, { tx, ...locked }, { id, plan, actor: request.actor });
    return beginRun({ tx, ...locked }, { id, plan, actor: request.actor }, continuing);
  });
}

/** One recovery of one target at a time: two would work against each other. */
export function refuseSecondRun(liveRun: Run | null): void {
  if (!liveRun) return;
  throw new LifeboatError(
    'conflict',
    `run ${liveRun.id} (${liveRun.name}) is already ${liveRun.state}`,
    'watch it with `/dr status`, or `/dr abort <reason>` it first',
  );
}

/** Takes what the plan works on, until the run is over; refused while another run has any of it, whatever its incident. */
export async function lockPlan(
  { estate }: Pick<VerbDeps, 'estate'>,
  { tx, incident, now }: Locked,
  { id, plan, actor }: { id: number; plan: Plan; actor: string },
): Promise<void> {
  const by = { run_id: id, incident_id: incident.id, person: actor, at: now };
  refuseHeld(estate(), await takeLocks(tx, plan.locks ?? [], by));
}

/** Throws the LifeboatError that names who works on it already. */
export function refuseHeld(estate: Estate, held: Lock | null | undefined): void {
  if (!held) return;
  const { name, run_id, incident_id, person } = held;
  const [kind = '', what = ''] = name.split(/:(.*)/);
  throw new LifeboatError(
    'conflict',
    `${kind === 'service' ? 'service' : 'the lock'} \`${what}\` is held by run ${run_id} of ${label(incident_id)}, which ${plainName(estate, person)} started`,
    `wait until it is over, or \`/dr abort run:${run_id} ${label(incident_id)} <reason>\``,
  );
}

/** Inserts a run and begins what needs nothing; the last thing that its transaction does. */
export async function beginRun(
  { tx, incident, now }: Locked,
  { id, plan, actor }: { id: number; plan: Plan; actor: string },
  continuing: Continuing,
): Promise<Run> {
  const index = indexPlan(plan);
  const { run, steps } = newRun(id, { incident: incident.id, plan, requested_by: actor, now });
  const begun = view(index, run, steps, true, now);
  start(begun, actor);
  begun.added.push(...begun.steps.values());
  const announced = postIntent(runPost(incident.id, run.id));
  const asked = postsIntent(incident.id, `run:${run.id}`);
  const entry = entryOf(incident, [begun], { events: [], effects: [announced, asked] });
  const { continuation } = continuing;
  const inserted = insertRun(tx, run, index);
  continuing.noteClaiming();
  const [claimed] = await Promise.all([continuing.last(persistAll(tx, [entry], now, { continuation })), inserted]);
  continuing.claimed.push(...claimed);
  return begun.run;
}
