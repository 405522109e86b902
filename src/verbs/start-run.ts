import type { Plan, Run } from '../domain/run-model.ts';
import { start } from '../domain/run-engine.ts';
import { indexPlan } from '../domain/plan-index.ts';
import { view } from '../domain/run-view.ts';
import { postIntent } from '../domain/lanes.ts';
import { LifeboatError } from '../errors.ts';
import { insertRun, liveRunNamed } from '../store/runs.ts';
import {
  arrive,
  lock,
  needOpen,
  transactHanding,
  type Handed,
  type Locked,
  type Request,
  type VerbDeps,
} from './context.ts';
import { persistViews } from './run-views.ts';

/** Freezes a plan into a run of the incident and begins it at once; consent is asked by the plan's own steps. */
export async function startRun(deps: VerbDeps, request: Request, incident: number, plan: Plan): Promise<Run> {
  return transactHanding(deps, async (tx, handed) => {
    // Sent together; the lock comes first, so the others see what earlier holders of it wrote.
    const [locked, , twin] = await Promise.all([
      lock(tx, incident),
      arrive(tx, request),
      liveRunNamed(tx, incident, plan.name),
    ]);
    needOpen(locked.incident, 'start a run');
    refuseTwin(twin);
    return beginRun({ tx, ...locked }, plan, request.actor, handed);
  });
}

/** One recovery of one target at a time: two would work against each other. */
export function refuseTwin(twin: Run | null): void {
  if (!twin) return;
  throw new LifeboatError(
    'conflict',
    `run ${twin.id} (${twin.name}) is already ${twin.state}`,
    'watch it with `/dr status`, or `/dr abort <reason>` it first',
  );
}

export async function beginRun({ tx, incident, now }: Locked, plan: Plan, actor: string, handed: Handed): Promise<Run> {
  const { run, steps } = await insertRun(tx, { incident: incident.id, plan, requested_by: actor, now });
  const begun = view(indexPlan(plan), run, steps, true, now);
  start(begun, actor);
  for (const row of steps) begun.changed.add(row.step_id);
  const announced = postIntent({
    incident: incident.id,
    key: `run-started:${run.id}`,
    template: 'run-started',
    to: 'incident',
    params: { run: run.id },
  });
  await persistViews(tx, incident, [begun], { events: [], effects: [announced] }, now, handed);
  return begun.run;
}
