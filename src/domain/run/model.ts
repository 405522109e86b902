import type { Check, Step } from '../estate/model.ts';
import type { Json, JsonObject } from '../json.ts';

/** A step of a frozen plan; `group` is the service it recovers, if the plan recovers several. */
export interface PlanStep extends Step {
  group?: string;
  /** Of clean-up: it is left out unless one approval of each list was given. */
  approved_by?: string[][];
  /** Looked at right before the step begins: when all of these hold, the service needs nothing and is left alone. */
  look?: { service: string; checks: (Check & { id: string })[] };
}

/** A runbook or a service recovery, resolved and frozen; the digest names exactly this plan. */
export interface Plan {
  name: string;
  title: string;
  kind: 'runbook' | 'service';
  target: string;
  inputs: JsonObject;
  services: string[];
  rto: number | null;
  /** What a run of it holds until it is over: 'service:api', 'lock:region-switch'; absent in plans of older versions. */
  locks?: string[];
  steps: PlanStep[];
  finally: PlanStep[];
  digest: string;
}

/** `unverified`: every step is over, and what should have been measured was not. */
export type RunState = 'running' | 'paused' | 'succeeded' | 'unverified' | 'failed' | 'aborted' | 'rolled_back';
export type RunEnding = 'succeeded' | 'failed' | 'aborted' | 'rolled_back';
export type Phase = 'main' | 'rollback' | 'finally';

export type StepState =
  | 'pending' // some need is not met yet
  | 'ready' // could start, but the run is paused
  | 'running' // handed to a worker or to a timer
  | 'waiting_approval'
  | 'waiting_manual'
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'unknown' // may have happened; a person decides
  | 'skipped'
  | 'cancelled';

export interface Run {
  id: number;
  incident_id: number;
  plan_digest: string;
  name: string;
  requested_by: string;
  state: RunState;
  phase: Phase;
  ending: RunEnding | null;
  remaining: number;
  active: number;
  reason: string | null;
  /** How often it was paused, which names each pause, and by whom last. */
  pauses: number;
  paused_by: string | null;
  started_at: Date;
  finished_at: Date | null;
}

export interface StepRow {
  step_id: string;
  ord: number;
  phase: Phase;
  state: StepState;
  waiting: number;
  attempt: number;
  output: Json;
  error: string | null;
  /** An attempt did what the step does, or may have: a rollback undoes it, and an abort does not call it cancelled. */
  happened: boolean;
  started_at: Date | null;
  finished_at: Date | null;
}

/** An approval or a person's task that a step asks for. */
export interface NewApproval {
  /** run/step/attempt: each time it is asked, it is asked anew. */
  id: string;
  run_id: number;
  step_id: string;
  kind: 'approval' | 'manual';
  plan_digest: string;
  approvers: string[];
  min_approvals: number;
  exclude_requester: boolean;
  require_comment: boolean;
  on_timeout: 'pause' | 'fail';
  expires_at: Date | null;
}

/** What a worker, a timer or a person reports of a step. */
export type StepResult =
  | { kind: 'succeeded'; output: Json }
  /** `happened`: the action itself was done, only what should hold afterwards does not. */
  | { kind: 'failed'; error: string; happened?: boolean }
  | { kind: 'timed_out'; error: string }
  /** Nothing was done: what the step was to mend is healthy. */
  | { kind: 'spared'; error: string }
  /** `running`: something of the attempt still runs and could not be ended, so that nothing may begin beside it. */
  | { kind: 'unknown'; error: string; running?: boolean };

/** States in which a step needs nothing more. */
export const OVER: readonly StepState[] = ['succeeded', 'skipped', 'cancelled'];
/** States that a person has to look at: retry, skip with a reason, or abort. */
export const TROUBLED: readonly StepState[] = ['failed', 'timed_out', 'unknown'];
/** States in which a step occupies a worker, a timer or a person. */
export const ACTIVE: readonly StepState[] = ['running', 'waiting_approval', 'waiting_manual'];

/** The error of a running step that an abort cancels: whatever it reports now, it is not repeated. */
export const CANCEL_REQUESTED = 'called back: the run was aborted';

export function rollbackStep(step: PlanStep, action: Check): PlanStep {
  return {
    id: rollbackId(step.id),
    name: `Undo: ${step.name}`,
    uses: action.uses,
    with: action.with,
    needs: [],
    side_effect: 'idempotent',
    timeout: action.timeout,
    retry: { max_attempts: 3, interval: 1000, backoff_factor: 2, max_interval: 10_000 },
    on_failure: 'pause',
    preconditions: [],
    postconditions: [],
    ...(step.site !== undefined && { site: step.site }),
    ...(step.group !== undefined && { group: step.group }),
  };
}

export const rollbackId = (step: string): string => `${step}:rollback`;
