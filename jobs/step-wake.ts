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
      const notice = definition.uses === 'notify' ? await noticeOf(estate(), definition, resolve) : undefined;
      await wakeStep(verbs, { ...input, ...(notice && { notice }) });
      return done(null);
    },
  };
}

/** The words of a notice with what earlier steps returned put in; a path or a channel that does not exist fails the step. */
async function noticeOf(
  estate: Estate,
  step: PlanStep,
  resolve: () => Promise<PlanStep['with']>,
): Promise<Wake['notice']> {
  try {
    const { message, to, role, audience } = await resolve();
    if (to === null) return { error: unreached(estate, text(audience)) };
    return { to: text(to), message: text(message), role: typeof role === 'string' ? role : null };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: `${step.id}: ${error.message}` };
    throw error;
  }
}

/** Nobody was told, so the step did not do what it is for. */
function unreached(estate: Estate, audience: string): string {
  const consent = Object.hasOwn(estate.audiences, audience) ? estate.audiences[audience]?.consent : undefined;
  return consent === undefined
    ? `nobody was told: audience ${audience} has no channel in Slack. Give it \`slack:\` in the estate, or tell them by hand and skip the step`
    : `nobody was told: what audience ${audience} reads needs the approval of ${consent}. Tell them by hand and skip the step`;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
