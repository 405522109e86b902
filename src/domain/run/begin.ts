import type { EffectIntent } from '../effect/effect.ts';
import { incidentLane } from '../effect/ordering.ts';
import { actionOf } from '../actions/index.ts';
import { record, stepOf, type RunView } from './view.ts';

/** Hands a step over to whoever does it: a worker, a person, or the clock. */
export function begin(view: RunView, id: string): void {
  const { run, now } = view;
  const row = stepOf(view, id);
  if (run.state === 'paused') {
    row.state = 'ready';
    return;
  }
  const step = view.index.step(id);
  row.attempt += 1;
  row.state = step.uses === 'approval' ? 'waiting_approval' : step.uses === 'manual' ? 'waiting_manual' : 'running';
  row.error = null;
  row.started_at ??= now;
  row.finished_at = null;
  run.active += 1;
  record(view, 'step.started', 'lifeboat', { step: id, attempt: row.attempt });
  if (actionOf(step.uses).by === 'worker') view.effects.push(runIntent(view, id, row.attempt));
  else if (actionOf(step.uses).by === 'person') ask(view, id);
  else if (step.uses === 'wait') view.effects.push(wakeIntent(view, id, row.attempt, Number(step.with['duration'])));
  else view.effects.push(wakeIntent(view, id, row.attempt, 0)); // a notice is worded and sent by whoever wakes it
}

export function runIntent({ run, index }: RunView, id: string, attempt: number): EffectIntent {
  const { site } = index.step(id);
  return {
    key: `step:${run.id}:${id}:${attempt}`,
    kind: 'step.run',
    queue: 'steps',
    ...(site !== undefined && { site }),
    payload: { incident: run.incident_id, run: run.id, plan: run.plan_digest, step: id, attempt },
  };
}

function wakeIntent({ run, now }: RunView, id: string, attempt: number, ms: number): EffectIntent {
  return {
    key: `wake:${run.id}:${id}:${attempt}`,
    kind: 'step.wake',
    queue: 'timers',
    payload: { incident: run.incident_id, run: run.id, plan: run.plan_digest, step: id, attempt },
    due_at: new Date(now.getTime() + ms),
  };
}

function ask(view: RunView, id: string): void {
  const { run, now, index } = view;
  const { uses, with: input } = index.step(id);
  const timeout = typeof input['timeout'] === 'number' ? input['timeout'] : null;
  const approval_id = `${run.id}/${id}/${stepOf(view, id).attempt}`;
  view.approvals.push({
    id: approval_id,
    run_id: run.id,
    step_id: id,
    kind: uses === 'manual' ? 'manual' : 'approval',
    plan_digest: run.plan_digest,
    approvers: Array.isArray(input['approvers']) ? input['approvers'].map(String) : [],
    min_approvals: typeof input['min_approvals'] === 'number' ? input['min_approvals'] : 1,
    exclude_requester: uses === 'approval' && input['exclude_requester'] !== false,
    require_comment: input['require_comment'] === true,
    on_timeout: input['on_timeout'] === 'fail' ? 'fail' : 'pause',
    expires_at: timeout === null ? null : new Date(now.getTime() + timeout),
  });
  const payload = { incident: run.incident_id, approval: approval_id };
  view.effects.push({
    key: `approval:${approval_id}:post`,
    kind: 'approval.post',
    queue: 'chat',
    payload,
    ordering_key: incidentLane(run.incident_id),
  });
  if (timeout === null) return;
  const due_at = new Date(now.getTime() + timeout);
  view.effects.push({
    key: `approval:${approval_id}:expire`,
    kind: 'approval.expire',
    queue: 'timers',
    payload,
    due_at,
  });
}
