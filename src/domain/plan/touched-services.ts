import { actionOf } from '../actions/index.ts';
import type { Estate, Runbook } from '../estate/model.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PlanStep } from '../run/model.ts';

/**
 * The services that a runbook acts on: those given to inputs of type service; where it has no such input, the services
 * that name it as their recovery; and every service whose name stands as a whole word under a step that changes something.
 */
export function touchedServices(estate: Estate, runbook: Runbook, inputs: JsonObject, steps: PlanStep[]): string[] {
  const known = (name: Json | undefined): name is string =>
    typeof name === 'string' && Object.hasOwn(estate.services, name);
  const chosen = Object.entries(runbook.inputs).filter(([, input]) => input.type === 'service');
  const given = chosen.map(([name]) => inputs[name]).filter(known);
  const recovered = Object.entries(estate.services).filter(([, { recover }]) => recover === runbook.name);
  const named = steps.filter(changes).flatMap((step) => [...textsIn(step.with), ...textsIn(step.rollback?.with ?? {})]);
  const all = [...given, ...(chosen.length === 0 ? recovered.map(([name]) => name) : []), ...named.filter(known)];
  return [...new Set(all)].sort();
}

/** Whether the step may change something: what only looks needs no lock and no approval. */
export const changes = ({ uses, side_effect }: PlanStep): boolean =>
  actionOf(uses).by === 'worker' && side_effect !== 'none';

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
