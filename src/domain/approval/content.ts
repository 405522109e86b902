import { canonical, sha256 } from '../canonical.ts';
import { describeStep, type Resolve } from '../plan/describe-step.ts';
import { evaluate, ExpressionError, parseTemplate } from '../plan/expression.ts';
import { references } from '../plan/references.ts';
import { stepsAfter, type PlanIndex } from '../plan/plan-index.ts';
import type { JsonObject } from '../json.ts';
import type { PlanStep } from '../run/model.ts';
import type { Approval } from './approval.ts';

/** What an approval would let run: the whole of it in lines, under a digest of its own. */
export interface ApprovalContent {
  lines: string[];
  /** Of the request, its plan and every line: SHA-256 as 64 hexadecimal digits. */
  digest: string;
  /** Why this cannot be approved: what would fail before it could be shown. */
  problems: string[];
}

/**
 * Everything that runs after the approval, up to the next ones, with what finished steps gave put in; then the clean-up.
 * `context` is what expressions can read now. What only later steps give stays an expression and is shown as one.
 */
export function approvalContent(
  approval: Pick<Approval, 'id' | 'plan_digest' | 'step_id' | 'kind'>,
  index: PlanIndex,
  context: JsonObject,
): ApprovalContent {
  const problems: string[] = [];
  const described = (step: PlanStep): string[] => describeStep(step, resolver(context, step.id, problems));
  const asked = index.step(approval.step_id);
  const steps = approval.kind === 'manual' ? [asked] : stepsAfter(index, approval.step_id);
  const last = approval.kind === 'manual' ? [] : index.plan.finally;
  const lines = [
    ...steps.flatMap(described),
    ...(last.length > 0 ? ['at the end, however it ends:', ...last.flatMap(described)] : []),
  ];
  const digest = sha256(canonical({ approval: approval.id, plan: approval.plan_digest, lines }));
  return { lines, digest, problems: [...new Set(problems)] };
}

/** Ids of the steps whose outputs the content would show. */
export function stepsRead(index: PlanIndex): string[] {
  const inputs = [...index.plan.steps, ...index.plan.finally].flatMap(({ preconditions, postconditions, ...step }) => [
    step.with,
    ...[...preconditions, ...postconditions].map((check) => check.with),
    step.probe?.with ?? {},
    step.rollback?.with ?? {},
  ]);
  const ids = references(inputs).flatMap(({ path: [root, step] }) =>
    root && 'key' in root && root.key === 'steps' && step && 'key' in step ? [String(step.key)] : [],
  );
  return [...new Set(ids)];
}

function resolver(context: JsonObject, step: string, problems: string[]): Resolve {
  return (text) =>
    parseTemplate(text).map((part) => {
      if ('text' in part) return { value: part.text };
      if (!isKnown(part.source, context)) return { source: part.source };
      try {
        return { value: evaluate(part.source, context) };
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        problems.push(`step ${step} cannot be filled in: ${error.message}`);
        return { source: part.source };
      }
    });
}

/** Whether everything that the expression reads is there; of steps only those that are finished are. */
function isKnown(source: string, context: JsonObject): boolean {
  return references(source).every(({ path: [root, step] }) => {
    if (!root || !('key' in root) || !Object.hasOwn(context, root.key)) return false;
    if (root.key !== 'steps') return true;
    const { steps } = context;
    return !!step && 'key' in step && typeof steps === 'object' && steps !== null && Object.hasOwn(steps, step.key);
  });
}
