import type { Estate } from '../estate/model.ts';
import type { PlanStep } from '../run/model.ts';
import { ancestorsOf } from './graph.ts';
import { changes } from './touched-services.ts';

/**
 * The steps of a service with a look at its checks right before the first of them that changes something: what it depends
 * on may have mended it meanwhile. Where several could be first, a step of its own looks before all of them.
 */
export function lookAgain(
  estate: Estate,
  service: string,
  steps: PlanStep[],
  rename: (step: string) => string,
): PlanStep[] {
  const checks = (estate.services[service]?.checks ?? []).map(({ id, uses, with: input, timeout }) => ({
    ...{ id, uses, with: input, timeout },
  }));
  const graph = new Map(steps.map((step) => [step.id, step.needs]));
  const changing = steps.filter(changes).map(({ id }) => id);
  const first = changing.filter((id) => !changing.some((other) => ancestorsOf(graph, id).has(other)));
  const [only, ...more] = first;
  if (checks.length === 0 || only === undefined) return steps;
  const look = { service, checks };
  if (more.length === 0) return steps.map((step) => (step.id === only ? { ...step, look } : step));
  const needs = [...new Set(steps.filter(({ id }) => first.includes(id)).flatMap((step) => step.needs))];
  const gate: PlanStep = {
    id: rename(`look:${service}`),
    name: `Look at ${service} again`,
    uses: 'noop',
    with: {},
    needs,
    side_effect: 'none',
    timeout: Math.max(...checks.map(({ timeout }) => timeout)),
    retry: { max_attempts: 1, interval: 0, backoff_factor: 1, max_interval: 0 },
    on_failure: 'pause',
    preconditions: [],
    postconditions: [],
    look,
  };
  return [
    gate,
    ...steps.map((step) => (first.includes(step.id) ? { ...step, needs: [...step.needs, gate.id] } : step)),
  ];
}
