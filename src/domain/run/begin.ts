import { actionOf } from '../actions/index.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { move } from './transitions.ts';
import { record, stepOf, type RunView } from './view.ts';

/** Hands a step over to whoever does it: a worker, a person, or the clock. */
export function begin(view: RunView, id: string): void {
  const { run, now } = view;
  const row = stepOf(view, id);
  if (run.state === 'paused') {
    move(row, 'hold');
    return;
  }
  const step = view.index.step(id);
  row.attempt += 1;
  move(row, step.uses === 'approval' ? 'ask_approvers' : step.uses === 'manual' ? 'ask_person' : 'hand_over');
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
  const payload = { incident: run.incident_id, run: run.id, plan: run.plan_digest, step: id, attempt };
  return intend('step.run', `step:${run.id}:${id}:${attempt}`, payload, site === undefined ? {} : { site });
}

function wakeIntent({ run, now }: RunView, id: string, attempt: number, ms: number): EffectIntent {
  const payload = { incident: run.incident_id, run: run.id, plan: run.plan_digest, step: id, attempt };
  const due_at = new Date(now.getTime() + ms);
  return intend('step.wake', `wake:${run.id}:${id}:${attempt}`, payload, { due_at });
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
  view.effects.push(intend('approval.post', `approval:${approval_id}:post`, payload));
  if (timeout === null) return;
  const due_at = new Date(now.getTime() + timeout);
  view.effects.push(intend('approval.expire', `approval:${approval_id}:expire`, payload, { due_at }));
}
