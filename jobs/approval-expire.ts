import { done } from '../src/domain/effect/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { expireApproval } from '../src/verbs/approval/decide-approval.ts';

/** The time for an approval or a person's task is over. */
export function approvalExpire(verbs: VerbDeps): Job<'approval.expire'> {
  return {
    kind: 'approval.expire',
    async run({ payload }) {
      await expireApproval(verbs, payload.approval);
      return done(null);
    },
  };
}
