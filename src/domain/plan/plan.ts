import { LifeboatError } from '../../runtime/errors.ts';
import { canonical, sha256 } from '../canonical.ts';
import type { Check, Estate, Runbook, Step } from '../estate/model.ts';
import { slackTargets } from '../audience/targets.ts';
import { resolveExpressions, planContext } from './resolve.ts';
import type { Json, JsonObject } from '../json.ts';
import { guardPart } from './guard.ts';
import { readInputs } from './plan-inputs.ts';
import { touchedServices } from './touched-services.ts';
import type { Plan, PlanStep } from '../run/model.ts';

/** A runbook with its inputs, resolved and frozen. Throws a LifeboatError that names what does not fit. */
export function planRunbook(estate: Estate, name: string, given: Record<string, string>): Plan {
  const runbook = runbookOf(estate, name);
  const inputs = readInputs(estate, runbook, given);
  const keep = (step: string): string => step;
  const part = resolvePart(estate, runbook, inputs, keep);
  const touched = touchedServices(estate, runbook, inputs, [...part.steps, ...part.finally]);
  const service = typeof inputs['service'] === 'string' ? inputs['service'] : null;
  return withDigest({
    name,
    title: runbook.description,
    kind: 'runbook',
    target: name,
    inputs,
    services: service !== null && Object.hasOwn(estate.services, service) ? [service] : [],
    rto: runbook.objectives?.rto ?? null,
    locks: locksOf(touched, runbook.locks),
    ...guardPart(estate, touched, part, keep),
  });
}

/** The names of the locks, sorted: who wants several takes them in one order. */
export const locksOf = (services: string[], named: string[] = []): string[] =>
  [...new Set([...services.map((name) => `service:${name}`), ...named.map((name) => `lock:${name}`)])].sort();

interface Part {
  steps: PlanStep[];
  finally: PlanStep[];
}

/** Steps of one runbook with everything put in that is known now. */
export function resolvePart(
  estate: Estate,
  runbook: Runbook,
  inputs: JsonObject,
  rename: (step: string) => string,
  group?: string,
): Part {
  const context = planContext(estate, inputs);
  const freezeStep = (step: Step): PlanStep => {
    const frozen = (value: JsonObject): JsonObject => asObject(resolveExpressions(value, context, rename));
    const check = (each: Check): Check => ({ ...each, with: frozen(each.with) });
    return {
      ...step,
      id: rename(step.id),
      needs: step.needs.map(rename),
      with: step.uses === 'notify' ? { ...frozen(step.with), to: noticeTarget(estate, step.with) } : frozen(step.with),
      preconditions: step.preconditions.map(check),
      postconditions: step.postconditions.map(check),
      ...(step.probe && { probe: check(step.probe) }),
      ...(step.rollback && { rollback: check(step.rollback) }),
      ...(group !== undefined && { group }),
    };
  };
  return { steps: runbook.steps.map(freezeStep), finally: inOrder(runbook.finally).map(freezeStep) };
}

/** Clean-up is a sequence: as it is written, but never before what it needs. */
function inOrder(steps: Step[]): Step[] {
  const open = [...steps];
  const order: Step[] = [];
  while (open.length > 0) {
    const next = open.findIndex(({ needs }) => !open.some((each) => needs.includes(each.id)));
    order.push(...open.splice(Math.max(0, next), 1));
  }
  return order;
}

/**
 * Where a `notify` step's words go in Slack; people of a role read them in the incident's channel. Null for an audience
 * that nothing reaches by itself: such a step fails when its turn comes.
 */
function noticeTarget(estate: Estate, { audience, channel }: JsonObject): string | null {
  if (typeof channel === 'string') return channel;
  return typeof audience === 'string' ? (slackTargets(estate, [audience])[0] ?? null) : 'incident';
}

function asObject(value: Json): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('a mapping stays a mapping');
  return value;
}

export function runbookOf(estate: Estate, name: string): Runbook {
  const runbook = Object.hasOwn(estate.runbooks, name) ? estate.runbooks[name] : undefined;
  if (runbook) return runbook;
  const names = Object.keys(estate.runbooks).join(', ');
  throw new LifeboatError(
    'not_found',
    `there is no runbook \`${name}\``,
    names ? `known: ${names}` : 'the estate has none',
  );
}

/** Gives a plan its digest: equal plans have equal digests, and any difference is another plan. */
export function withDigest(plan: Omit<Plan, 'digest'>): Plan {
  return { ...plan, digest: sha256(canonical(asJson(plan))) };
}

function asJson(plan: Omit<Plan, 'digest'>): Json {
  return JSON.parse(JSON.stringify(plan)) as Json;
}
