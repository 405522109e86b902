import type { PlanStep, Plan } from '../../src/domain/run-model.ts';
import { seal } from '../../src/domain/plan.ts';

/** A step with everything that a runbook would have filled in. */
export const step = (id: string, more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  name: id,
  uses: 'command',
  with: { run: ['true'] },
  needs: [],
  side_effect: 'idempotent',
  timeout: 20_000,
  retry: { max_attempts: 1, interval: 10, backoff_factor: 1, max_interval: 10 },
  on_failure: 'pause',
  preconditions: [],
  postconditions: [],
  ...more,
});

export const plan = (name: string, steps: PlanStep[], last: PlanStep[] = []): Plan =>
  seal({
    name,
    title: name,
    kind: 'runbook',
    target: name,
    inputs: {},
    services: [],
    rto: null,
    steps,
    finally: last,
  });

export const sh = (script: string) => ({ with: { run: ['sh', '-c', script] } });
