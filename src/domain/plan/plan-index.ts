import { actionOf } from '../actions/index.ts';
import { rollbackStep, type Plan, type PlanStep } from '../run/model.ts';

/** A plan with the look-ups that keep finishing a step independent of the plan's size. Built once for each plan. */
export interface PlanIndex {
  plan: Plan;
  step: (id: string) => PlanStep;
  /** Whether any step waits for people. */
  asksPeople: boolean;
  /** Ids of the main steps that need this one. */
  dependents: (id: string) => readonly string[];
}

export function indexPlan(plan: Plan): PlanIndex {
  const steps = new Map<string, PlanStep>();
  const dependents = new Map<string, string[]>();
  for (const step of [...plan.steps, ...plan.finally]) {
    steps.set(step.id, step);
    if (step.rollback) {
      const undo = rollbackStep(step, step.rollback);
      steps.set(undo.id, undo);
    }
    for (const need of step.needs) dependents.set(need, [...(dependents.get(need) ?? []), step.id]);
  }
  return {
    plan,
    asksPeople: [...steps.values()].some((step) => actionOf(step.uses).by === 'person'),
    step: (id) => {
      const step = steps.get(id);
      if (!step) throw new Error(`plan ${plan.digest.slice(0, 12)} has no step ${id}`);
      return step;
    },
    dependents: (id) => dependents.get(id) ?? [],
  };
}

/** What happens after the approval `id`, up to and including the next approvals, in plan order. */
export function stepsAfter(index: PlanIndex, id: string): PlanStep[] {
  const after = new Set<string>();
  const queue = [...index.dependents(id)];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (after.has(next)) continue;
    after.add(next);
    if (index.step(next).uses !== 'approval') queue.push(...index.dependents(next));
  }
  return index.plan.steps.filter((step) => after.has(step.id));
}
