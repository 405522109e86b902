import type pg from 'pg';
import { stepRun } from '../../jobs/step-run.ts';
import { stepWake } from '../../jobs/step-wake.ts';
import { endOlderAttempts } from '../../src/actions/end-older-attempts.ts';
import { actions } from '../../src/actions/index.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import type { Action } from '../../src/ports/action.ts';
import type { Job } from '../../src/ports/job.ts';
import { describeWorker, isHere, mayGoOn } from '../../src/outbox/worker-name.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { StepLedger } from '../../src/verbs/run/step-ledger.ts';
import { noting } from './queue-world.ts';
import type { PlanStep, Plan } from '../../src/domain/run/model.ts';
import { withDigest } from '../../src/domain/plan/plan.ts';

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
  withDigest({
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

const WORKERS = { isHere, mayGoOn, describe: describeWorker };

/** The jobs of a run, with real actions; what would be shown in Slack is only noted. */
export const runJobs = (
  pool: pg.Pool,
  verbs: VerbDeps,
  by: Record<string, Action> = actions,
  secret?: (name: string) => string,
): Job[] => [
  stepRun({
    ...{ pool, estate: verbs.estate, actions: by, ledger: new StepLedger(verbs), ...(secret && { secret }) },
    endOlder: (attempt, left_by) => endOlderAttempts(attempt, left_by, WORKERS),
  }),
  stepWake({ pool, verbs, estate: verbs.estate }),
  ...(['card.render', 'message.post', 'approval.post', 'approval.render', 'pause.post', 'pause.render'] as const).map(
    (kind) => noting(kind, [], () => done(null)),
  ),
];
