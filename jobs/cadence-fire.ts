import * as z from 'zod';
import { done } from '../src/domain/effect/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { fireCadence } from '../src/verbs/incident/fire-cadence.ts';

const PAYLOAD = z.object({ incident: z.number(), cadence: z.number(), slot: z.number(), due: z.string() });

/** A status update is due. */
export function cadenceFire(verbs: VerbDeps): Job {
  return {
    kind: 'cadence.fire',
    async run(effect) {
      const input = PAYLOAD.parse(effect.payload);
      await fireCadence(verbs, { ...input, due: new Date(input.due) });
      return done(null);
    },
  };
}
