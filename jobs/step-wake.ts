import type pg from 'pg';
import { ExpressionError } from '../src/domain/plan/expression.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Json } from '../src/domain/json.ts';
import { done } from '../src/domain/effect/outcome.ts';
import type { PlanStep } from '../src/domain/run/model.ts';
import type { Job } from '../src/ports/job.ts';
import { planByDigest } from '../src/store/run/runs.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { wakeStep, type Wake } from '../src/verbs/run/record-step-results.ts';
import { resolveStep } from './step-context.ts';

interface Deps {
  pool: pg.Pool;
  verbs: VerbDeps;
  estate: () => Estate;
}

/** The time of a `wait` step is over, or a `notify` step is to be worded. */
export function stepWake({ pool, verbs, estate }: Deps): Job<'step.wake'> {
  return {
    kind: 'step.wake',
    async run({ payload: input }) {
      const { plan, step } = await planByDigest(pool, input.plan);
      const definition = step(input.step);
      const resolve = () =>
        resolveStep(pool, estate(), { incident: input.incident, run: input.run, plan }, definition.with);
      const notice = definition.uses === 'notify' ? await noticeOf(definition, resolve) : undefined;
      await wakeStep(verbs, { ...input, ...(notice && { notice }) });
      return done(null);
    },
  };
}

/** The words of a notice with what earlier steps returned put in; a path that does not exist fails the step. */
async function noticeOf(step: PlanStep, resolve: () => Promise<PlanStep['with']>): Promise<Wake['notice']> {
  try {
    const { message, to, role } = await resolve();
    return { to: text(to), message: text(message), role: typeof role === 'string' ? role : null };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: `${step.id}: ${error.message}` };
    throw error;
  }
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
