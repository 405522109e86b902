import { done } from '../src/domain/effect/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { fireCadence } from '../src/verbs/incident/fire-cadence.ts';

/** A status update is due. */
export function cadenceFire(verbs: VerbDeps): Job<'cadence.fire'> {
  return {
    kind: 'cadence.fire',
    async run({ payload }) {
      await fireCadence(verbs, { ...payload, due: new Date(payload.due) });
      return done(null);
    },
  };
}
