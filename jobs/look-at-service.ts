import { formatDuration } from '../src/domain/duration.ts';
import type { Outcome } from '../src/domain/effect/outcome.ts';
import type { Check, Estate } from '../src/domain/estate/model.ts';
import { lookOf, type CheckSeen, type ServiceLook } from '../src/domain/health/look.ts';
import type { Json, JsonObject } from '../src/domain/json.ts';
import { planContext, resolveExpressions } from '../src/domain/plan/resolve.ts';
import { messageOf } from '../src/runtime/errors.ts';
import type { Action } from '../src/ports/action.ts';
import { printable } from './step-output.ts';

/** How a look is done: by these actions, until the signal, each check no longer than `limit_ms`. */
export interface Looking {
  actions: Record<string, Action>;
  signal: AbortSignal;
  limit_ms?: number;
}

/** Runs every check of a service at once; each is green or red with its reason, and none takes longer than its limit. */
export async function lookAtService(estate: Estate, service: string, looking: Looking): Promise<ServiceLook> {
  const checks = Object.hasOwn(estate.services, service) ? (estate.services[service]?.checks ?? []) : [];
  const context = planContext(estate, { service });
  const seen = checks.map(async (check): Promise<CheckSeen> => {
    const reason = await refusalOf({ ...check, with: resolved(check, context) }, looking);
    return { id: check.id, state: reason === null ? 'green' : 'red', reason };
  });
  return lookOf(service, await Promise.all(seen));
}

const resolved = (check: Check, context: JsonObject): JsonObject =>
  resolveExpressions(check.with, context, (step) => step) as JsonObject;

/** Why a check does not hold, or null when it does; one that cannot be tried, or does not end in time, does not hold. */
export async function refusalOf(
  { uses, with: input, timeout }: Check,
  { actions, signal, limit_ms = Infinity }: Looking,
): Promise<string | null> {
  const action = actions[uses];
  if (!action) return `this worker cannot do ${uses}`;
  const limit = Math.min(timeout, limit_ms);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`timed out after ${formatDuration(limit)}`)), limit);
  try {
    const context = { signal: AbortSignal.any([signal, late.signal]), output: () => undefined };
    const outcome: Outcome<Json> = await action.run(input, context);
    return outcome.kind === 'done' ? null : printable(outcome.reason);
  } catch (error) {
    return printable(messageOf(error));
  } finally {
    clearTimeout(timer);
  }
}
