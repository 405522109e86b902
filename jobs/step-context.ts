import type pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { evaluate } from '../src/domain/plan/expression.ts';
import { references } from '../src/domain/plan/references.ts';
import { planContext } from '../src/domain/plan/resolve.ts';
import { incidentContext, stepsContext } from '../src/domain/plan/run-context.ts';
import type { Json, JsonObject } from '../src/domain/json.ts';
import type { Plan } from '../src/domain/run/model.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { stepOutputs } from '../src/store/run/runs.ts';

/** Puts into a frozen step what only the run knows: outputs of earlier steps and the incident. Reads nothing else. */
export async function resolveStep(
  pool: pg.Pool,
  estate: Estate,
  at: { incident: number; run: number; plan: Plan },
  inputs: JsonObject,
  secrets?: StepSecrets,
): Promise<JsonObject> {
  const wanted = references(inputs).map(({ path }) =>
    path.map((segment) => ('key' in segment ? String(segment.key) : '')),
  );
  if (wanted.length === 0) return inputs;
  const steps = wanted.filter(([root]) => root === 'steps').map(([, step]) => step ?? '');
  const outputs = steps.length === 0 ? {} : await stepOutputs(pool, at.run, [...new Set(steps)]);
  const context = {
    ...planContext(estate, at.plan.inputs),
    steps: stepsContext(outputs),
    ...(secrets && { secrets: secretsRead(wanted, secrets) }),
    ...(wanted.some(([root]) => root === 'incident') && { incident: await incidentData(pool, at.incident) }),
  };
  return asObject(evaluate(inputs, context));
}

/** Reads secrets where they are used; `hide` hears of each value, so that nothing of it is written down. */
export interface StepSecrets {
  read: (name: string) => string;
  hide: (value: string) => void;
}

function secretsRead(wanted: string[][], { read, hide }: StepSecrets): JsonObject {
  const names = wanted.flatMap(([root, name]) => (root === 'secrets' && name ? [name] : []));
  const values = names.map((name) => [name, read(name)] as const);
  for (const [, value] of values) hide(value);
  return Object.fromEntries(values);
}

async function incidentData(pool: pg.Pool, id: number): Promise<JsonObject> {
  const incident = await findIncident(pool, id);
  if (!incident) throw new Error(`incident ${id} does not exist`);
  return incidentContext(incident);
}

function asObject(value: Json): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('a mapping stays a mapping');
  return value;
}
