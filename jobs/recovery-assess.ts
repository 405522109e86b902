import type { Estate } from '../src/domain/estate/model.ts';
import { done } from '../src/domain/effect/outcome.ts';
import type { ServiceLook } from '../src/domain/health/look.ts';
import { strongClosure } from '../src/domain/plan/recovery-plan.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Redactor } from '../src/runtime/redact.ts';
import type { Action } from '../src/ports/action.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { startRecovery } from '../src/verbs/run/start-recovery.ts';
import { lookAtService } from './look-at-service.ts';

interface Deps {
  verbs: VerbDeps;
  estate: () => Estate;
  actions: Record<string, Action>;
  redactor: Redactor;
}

/** Looks at a service and its strong dependencies, all at once, and starts the recovery that this calls for. */
export function recoveryAssess({ verbs, estate, actions, redactor }: Deps): Job<'recovery.assess'> {
  return {
    kind: 'recovery.assess',
    async run(effect, { signal }) {
      const services = known(() => strongClosure(estate(), effect.payload.service));
      const looks = await Promise.all(services.map((each) => lookAtService(estate(), each, { actions, signal })));
      const kept = looks.map((each) => redactor.value(each) as ServiceLook);
      await startRecovery(verbs, { ...effect.payload, key: effect.key, looks: kept });
      return done({ looks: kept });
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
