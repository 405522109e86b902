import type pg from 'pg';
import type { Estate, HealthCheck } from '../src/domain/estate/model.ts';
import { resolveExpressions, planContext } from '../src/domain/plan/resolve.ts';
import type { JsonObject } from '../src/domain/json.ts';
import { done } from '../src/domain/effect/outcome.ts';
import { strongClosure, type Health } from '../src/domain/plan/recovery-plan.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Action } from '../src/ports/action.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { startRecovery } from '../src/verbs/run/request-recovery.ts';

interface Deps {
  pool: pg.Pool;
  verbs: VerbDeps;
  estate: () => Estate;
  actions: Record<string, Action>;
}

/** Looks at a service and its strong dependencies, all at once, and starts the recovery that this calls for. */
export function recoveryAssess({ verbs, estate, actions }: Deps): Job<'recovery.assess'> {
  return {
    kind: 'recovery.assess',
    async run(effect, { signal }) {
      const input = effect.payload;
      const services = known(() => strongClosure(estate(), input.service));
      const seen = await Promise.all(
        services.map(async (service) => [service, await healthOf(estate(), service, actions, signal)] as const),
      );
      await startRecovery(verbs, { ...input, key: effect.key, health: Object.fromEntries(seen) });
      return done(null);
    },
  };
}

/** A service that a reload took out of the estate meanwhile: whoever asked is told so by what starts the recovery. */
function known(closure: () => string[]): string[] {
  try {
    return closure();
  } catch (error) {
    if (error instanceof LifeboatError) return [];
    throw error;
  }
}

async function healthOf(
  estate: Estate,
  service: string,
  actions: Record<string, Action>,
  signal: AbortSignal,
): Promise<Health> {
  const checks = estate.services[service]?.checks ?? [];
  if (checks.length === 0) return 'unchecked';
  const context = planContext(estate, { service });
  const results = await Promise.all(checks.map((check) => passes(check, context, actions, signal)));
  return results.every(Boolean) ? 'healthy' : 'unhealthy';
}

async function passes(
  check: HealthCheck,
  context: JsonObject,
  actions: Record<string, Action>,
  signal: AbortSignal,
): Promise<boolean> {
  const input = resolveExpressions(check.with, context, (step) => step);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(check.timeout)]);
  const outcome = await actions[check.uses]?.run(input as JsonObject, { signal: limit, output: () => undefined });
  return outcome?.kind === 'done';
}
