import type { Estate } from '../src/domain/estate/model.ts';
import { done } from '../src/domain/effect/outcome.ts';
import { LOOK_MS, type ServiceLook } from '../src/domain/health/look.ts';
import type { Redactor } from '../src/runtime/redact.ts';
import type { Action } from '../src/ports/action.ts';
import type { Job } from '../src/ports/job.ts';
import { lookAtService } from './look-at-service.ts';

interface Deps {
  estate: () => Estate;
  actions: Record<string, Action>;
  redactor: Redactor;
}

/** Runs the checks of services for somebody who waits for them; what they said is the effect's result. */
export function healthLook({ estate, actions, redactor }: Deps): Job<'health.look'> {
  return {
    kind: 'health.look',
    async run({ payload }, { signal }) {
      const looking = { actions, signal, limit_ms: LOOK_MS };
      const looks = await Promise.all(payload.services.map((each) => lookAtService(estate(), each, looking)));
      return done({ looks: looks.map((each) => redactor.value(each) as ServiceLook) });
    },
  };
}
