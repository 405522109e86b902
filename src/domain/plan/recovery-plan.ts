import { LifeboatError } from '../../runtime/errors.ts';
import type { Estate, Service } from '../estate/model.ts';
import { nearestName } from '../nearest.ts';
import type { Health } from '../health/look.ts';
import { guardPart } from './guard.ts';
import { lookAgain } from './look-again.ts';
import { locksOf, resolvePart, runbookOf, withDigest } from './plan.ts';
import { touchedServices } from './touched-services.ts';
import { readInputs } from './plan-inputs.ts';
import type { Plan, PlanStep } from '../run/model.ts';

/**
 * The recovery of a service: itself and those of its strong dependencies, however far away, that are unhealthy or that
 * nobody can check, in dependency order. A healthy one is left alone, and so is all behind it. Each is looked at again
 * right before it is touched; with `anyway` the target is touched even where it is healthy.
 */
export function planRecovery(
  estate: Estate,
  target: string,
  health: Record<string, Health>,
  { anyway = false }: { anyway?: boolean } = {},
): Plan {
  const service = serviceOf(estate, target);
  if (service.recover === undefined) {
    throw new LifeboatError(
      'invalid',
      `service \`${target}\` names no runbook to recover it`,
      'give it `recover: <runbook>` in the estate, or use `/dr run <runbook>`',
    );
  }
  const order = recoveryOrder(estate, target, health);
  const several = order.length > 1;
  const parts = new Map(
    order.map((name) => [name, partOf(estate, name, { several, anyway: anyway && name === target })]),
  );
  /** The last steps of what a service depends on; one that is passed over passes on what it depends on. */
  const ends = (name: string): string[] =>
    strong(serviceOf(estate, name)).flatMap((dependency) => {
      const part = parts.get(dependency);
      if (part) return leaves(part.steps);
      return health[dependency] === 'healthy' ? [] : ends(dependency);
    });
  const steps = order.flatMap((name) => {
    const before = ends(name);
    return (parts.get(name)?.steps ?? []).map((step) =>
      step.needs.length === 0 ? { ...step, needs: [...new Set(before)] } : step,
    );
  });
  return withDigest({
    name: `recover ${target}`,
    title: `Recover ${service.name ?? target}`,
    kind: 'service',
    target,
    inputs: {},
    services: order,
    rto: service.rto,
    locks: [...new Set([...locksOf(order), ...[...parts.values()].flatMap((part) => part.locks)])].sort(),
    steps,
    finally: order.flatMap((name) => parts.get(name)?.finally ?? []),
  });
}

export function serviceOf(estate: Estate, name: string): Service {
  const service = Object.hasOwn(estate.services, name) ? estate.services[name] : undefined;
  if (service) return service;
  const near = nearestName(name, Object.keys(estate.services));
  const names = Object.keys(estate.services).join(', ');
  throw new LifeboatError(
    'not_found',
    `there is no service \`${name}\``,
    near !== undefined ? `did you mean \`${near}\`?` : names ? `known: ${names}` : 'the estate has none',
  );
}

/** The target and everything that it strongly depends on: what has to be looked at before planning. */
export function strongClosure(estate: Estate, target: string): string[] {
  return recoveryOrder(estate, target, {}, true);
}

function recoveryOrder(estate: Estate, target: string, health: Record<string, Health>, all = false): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const dependency of strong(serviceOf(estate, name))) {
      if (all || health[dependency] !== 'healthy') visit(dependency);
    }
    if (all || name === target || needsRecovery(estate, name, health)) order.push(name);
  };
  visit(target);
  return order;
}

/** An unchecked service without a runbook is passed over: nothing says that it is broken and nothing could mend it. */
function needsRecovery(estate: Estate, name: string, health: Record<string, Health>): boolean {
  return health[name] === 'unhealthy' || serviceOf(estate, name).recover !== undefined;
}

const strong = (service: Service): string[] =>
  service.depends_on.filter((each) => each.strength === 'strong').map((each) => each.service);

interface ServicePart {
  steps: PlanStep[];
  finally: PlanStep[];
  locks: string[];
}

function partOf(estate: Estate, name: string, { several, anyway }: { several: boolean; anyway: boolean }): ServicePart {
  const { recover } = serviceOf(estate, name);
  const rename = (step: string): string => (several ? `${name}/${step}` : step);
  if (recover === undefined) return { steps: [byHand(name, rename('by-hand'))], finally: [], locks: [] };
  const runbook = runbookOf(estate, recover);
  const inputs = readInputs(estate, runbook, Object.hasOwn(runbook.inputs, 'service') ? { service: name } : {});
  const part = resolvePart(estate, runbook, inputs, rename, name);
  const touched = touchedServices(estate, runbook, inputs, [...part.steps, ...part.finally]);
  const services = [...new Set([name, ...touched])].sort();
  const guarded = guardPart(estate, services, part, rename);
  const looked = anyway ? guarded.steps : lookAgain(estate, name, guarded.steps, rename);
  const steps = looked.map((step) => ({ ...step, group: name }));
  return { ...guarded, steps, locks: locksOf(services, runbook.locks) };
}

/** An unhealthy dependency without a runbook is a person's task, and the rest waits for it. */
function byHand(service: string, id: string): PlanStep {
  return {
    id,
    name: `Recover ${service} by hand`,
    uses: 'manual',
    with: { instructions: `Its checks fail and the estate names no runbook for it. Say when ${service} is healthy.` },
    needs: [],
    side_effect: 'none',
    timeout: 0,
    retry: { max_attempts: 1, interval: 0, backoff_factor: 1, max_interval: 0 },
    on_failure: 'pause',
    preconditions: [],
    postconditions: [],
    group: service,
  };
}

/** Steps that no other step of the part needs. */
function leaves(steps: PlanStep[]): string[] {
  const needed = new Set(steps.flatMap((step) => step.needs));
  return steps.filter((step) => !needed.has(step.id)).map((step) => step.id);
}
