import type { Estate, ServiceApproval } from '../estate/model.ts';
import { ancestorsOf } from './graph.ts';
import type { PlanStep } from '../run/model.ts';
import { changes } from './touched-services.ts';

interface Part {
  steps: PlanStep[];
  finally: PlanStep[];
}

/**
 * The part with an approval before the first change, for each service that asks for one. A runbook whose own approval
 * is as strict and stands before every change asks no second time. Clean-up that changes something names the approvals.
 */
export function guardPart(estate: Estate, services: string[], part: Part, rename: (step: string) => string): Part {
  return services.reduce((guarded, service) => {
    const asked = estate.services[service]?.approval;
    return asked ? guardService(service, asked, guarded, rename) : guarded;
  }, part);
}

function guardService(service: string, asked: ServiceApproval, part: Part, rename: (step: string) => string): Part {
  const graph = new Map(part.steps.map((step) => [step.id, step.needs]));
  const before = new Map(part.steps.map((step) => [step.id, ancestorsOf(graph, step.id)]));
  const strict = part.steps.filter((step) => isAsStrict(step, asked)).map((step) => step.id);
  const open = part.steps.filter(changes).filter(({ id }) => !strict.some((approval) => before.get(id)?.has(approval)));
  const first = open.filter(({ id }) => !open.some((other) => before.get(id)?.has(other.id)));
  const last = part.finally.some(changes) && strict.length === 0;
  if (first.length === 0 && !last) return { ...part, finally: part.finally.map((step) => approvedBy(step, strict)) };
  const id = rename(guardId(service));
  const gate = approvalStep(id, service, asked, [...new Set(first.flatMap((step) => step.needs))]);
  const behind = new Set(first.map((step) => step.id));
  return {
    steps: [gate, ...part.steps.map((step) => (behind.has(step.id) ? { ...step, needs: [...step.needs, id] } : step))],
    finally: part.finally.map((step) => approvedBy(step, [...strict, id])),
  };
}

const approvedBy = (step: PlanStep, approvals: string[]): PlanStep =>
  changes(step) && approvals.length > 0 ? { ...step, approved_by: [...(step.approved_by ?? []), approvals] } : step;

const guardId = (service: string): string => `approve:${service}`;

function isAsStrict({ uses, with: own }: PlanStep, asked: ServiceApproval): boolean {
  if (uses !== 'approval' || !Array.isArray(own['approvers'])) return false;
  const { approvers, min_approvals } = asked;
  return (
    own['approvers'].every((role) => typeof role === 'string' && approvers.includes(role)) &&
    Number(own['min_approvals'] ?? 1) >= min_approvals &&
    (own['exclude_requester'] !== false || !asked.exclude_requester) &&
    (own['require_comment'] === true || !asked.require_comment)
  );
}

function approvalStep(id: string, service: string, asked: ServiceApproval, needs: string[]): PlanStep {
  const { timeout, ...input } = asked;
  return {
    id,
    name: `Acting on ${service} needs approval`,
    uses: 'approval',
    with: { ...input, ...(timeout !== undefined && { timeout }) },
    needs,
    side_effect: 'none',
    timeout: timeout ?? 0,
    retry: { max_attempts: 1, interval: 0, backoff_factor: 1, max_interval: 0 },
    on_failure: 'pause',
    preconditions: [],
    postconditions: [],
  };
}
