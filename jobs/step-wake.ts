import { z } from 'zod';
import { done } from '../src/domain/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { wakeStep } from '../src/verbs/record-step-results.ts';
import { payload } from './payload.ts';

/** The time of a `wait` step is over. */
export function stepWake(verbs: VerbDeps): Job {
  return {
    kind: 'step.wake',
    async run(effect) {
      await wakeStep(
        verbs,
        payload(effect, { incident: z.number(), run: z.number(), step: z.string(), attempt: z.number() }),
      );
      return done(null);
    },
  };
}
