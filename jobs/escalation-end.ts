import { done } from '../src/domain/effect/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { endEscalation } from '../src/verbs/page/end-escalation.ts';

/** Whom the last level of a ladder asked have had their time. */
export function escalationEnd(verbs: VerbDeps): Job<'escalation.end'> {
  return {
    kind: 'escalation.end',
    async run({ payload }) {
      await endEscalation(verbs, payload);
      return done(null);
    },
  };
}
