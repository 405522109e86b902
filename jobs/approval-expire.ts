import * as z from 'zod';
import { done } from '../src/domain/effect/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { expireApproval } from '../src/verbs/approval/decide-approval.ts';

const PAYLOAD = z.object({ approval: z.string() });

/** The time for a consent or a person's task is over. */
export function approvalExpire(verbs: VerbDeps): Job {
  return {
    kind: 'approval.expire',
    async run(effect) {
      await expireApproval(verbs, PAYLOAD.parse(effect.payload).approval);
      return done(null);
    },
  };
}
