import { z } from 'zod';
import { done } from '../src/domain/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { expireApproval } from '../src/verbs/decide-approval.ts';
import { payload } from './payload.ts';

/** The time for a consent or a person's task is over. */
export function approvalExpire(verbs: VerbDeps): Job {
  return {
    kind: 'approval.expire',
    async run(effect) {
      await expireApproval(verbs, payload(effect, { approval: z.string() }).approval);
      return done(null);
    },
  };
}
