import type pg from 'pg';
import { formatDuration } from '../src/domain/duration.ts';
import type { Check, Estate } from '../src/domain/estate/model.ts';
import type { ClaimedEffect } from '../src/domain/effect/effect.ts';
import type { Json } from '../src/domain/json.ts';
import { takeOver } from '../src/domain/run/take-over.ts';
import { done, unknown, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Plan, PlanStep, StepResult } from '../src/domain/run/model.ts';
import { Interrupted, messageOf } from '../src/runtime/errors.ts';
import type { Action, ActionContext, EndOlderAttempts } from '../src/ports/action.ts';
import type { Job } from '../src/ports/job.ts';
import { createRedactor, type Redactor } from '../src/runtime/redact.ts';
import { toJson } from '../src/store/persist.ts';
import { findRun, planByDigest } from '../src/store/run/runs.ts';
import type { StepLedger } from '../src/verbs/run/step-ledger.ts';
import { refusalOf } from './look-at-service.ts';
import { redactedOutcome } from './redacted-outcome.ts';
import { resolveStep } from './step-context.ts';
import { outputSinks, printable, type OutputSink } from './step-output.ts';

interface Deps {
  pool: pg.Pool;
  estate: () => Estate;
  actions: Record<string, Action>;
  ledger: StepLedger;
  /** Knows the configured secrets; without one only what looks like a known kind is taken out. */
  redactor?: Redactor;
  /** Hears of output that the database did not take. */
  onLostOutput?: (characters: number, error: unknown) => void;
  /** Ends what killed and frozen workers left running of an attempt before this one. */
  endOlder?: EndOlderAttempts;
  /** Reads what `${{ secrets.NAME }}` means; without it no step may use one. */
  secret?: (name: string) => string;
}

interface Attempt {
  deps: Deps;
  at: { incident: number; run: number; plan: Plan };
  step: PlanStep;
  effect: ClaimedEffect<'step.run'>;
  signal: AbortSignal;
  confirm: (() => void) | undefined;
  sink: OutputSink;
  /** Values of secrets that this attempt has read. */
  hidden: string[];
}

/** Runs one attempt of a step: what must hold before, the action, what must hold after. */
export function stepRun(deps: Deps): Job<'step.run'> {
  const { redactor = createRedactor() } = deps;
  const sinkOf = outputSinks({ pool: deps.pool, redactor, onLost: deps.onLostOutput });
  return {
    kind: 'step.run',
    async run(effect, { signal, confirm }) {
      const input = effect.payload;
      const index = await planByDigest(deps.pool, input.plan).catch((error: unknown) => messageOf(error));
      if (typeof index === 'string') return done({ kind: 'failed', error: `not begun: ${index}` });
      const sink = sinkOf(input);
      const at = { incident: input.incident, run: input.run, plan: index.plan };
      const attempt: Attempt = { deps, at, step: index.step(input.step), effect, signal, confirm, sink, hidden: [] };
      const result = await perform(attempt);
      await sink.close();
      if (result.kind !== 'succeeded' && signal.reason instanceof Interrupted) {
        return unknown(signal.reason.message, result.kind === 'unknown' && result.running);
      }
      return done(asStored(redactor, result));
    },
    settle: (effect, outcome, continuation) =>
      deps.ledger.record(
        { effect, ...effect.payload, result: resultOf(redactedOutcome(redactor, outcome)) },
        continuation,
      ),
  };
}

async function perform(attempt: Attempt): Promise<StepResult> {
  const { step, signal } = attempt;
  try {
    if (attempt.effect.unknown_since !== null) {
      const known = await lookInto(attempt);
      if (known !== null) return known;
    }
    if (signal.aborted) return aborted(signal);
    const healthy = await needless(attempt);
    if (healthy !== null) return { kind: 'spared', error: healthy };
    for (const [index, check] of step.preconditions.entries()) {
      const refused = await refusal(attempt, check);
      if (refused !== null) return { kind: 'failed', error: `precondition ${index + 1}: ${refused}` };
    }
    const result = await act(attempt);
    if (result.kind !== 'succeeded') return result;
    for (const [index, check] of step.postconditions.entries()) {
      const refused = await refusal(attempt, check);
      if (refused !== null) return { kind: 'failed', error: `postcondition ${index + 1}: ${refused}`, happened: true };
    }
    return result;
  } catch (error) {
    return { kind: 'failed', error: printable(messageOf(error)) };
  }
}

/** Why the service needs nothing, seen right before it would be touched first; null when something of it is red. */
async function needless({ deps, step, effect, signal }: Attempt): Promise<string | null> {
  if (!step.look || effect.payload.attempt !== 1 || effect.unknown_since !== null) return null;
  const { service, checks } = step.look;
  const reasons = await Promise.all(checks.map((check) => refusalOf(check, { actions: deps.actions, signal })));
  if (checks.length === 0 || reasons.some((reason) => reason !== null)) return null;
  return `${service} is healthy by now (${checks.map(({ id }) => id).join(', ')} green)`;
}

/** Ends and looks into the attempt that was interrupted; null when this one may act. */
async function lookInto(attempt: Attempt): Promise<StepResult | null> {
  const { deps, at, step, signal, effect } = attempt;
  const left = await deps.endOlder?.({ effect: effect.id, fence: effect.fence }, effect.left_by);
  const answer = takeOver(step, left, signal.aborted ? messageOf(signal.reason) : null);
  if (answer.kind === 'report') return answer.result;
  if (answer.kind === 'look') {
    // An interrupted once-step is looked at before anything else, and never repeated on a guess.
    const known = await probed(attempt, answer.error);
    if (known !== 'absent') return known;
    if (answer.absent !== null) return { kind: 'unknown', error: answer.absent };
  }
  if ((await findRun(deps.pool, at.run))?.state !== 'paused') return null;
  return step.side_effect === 'once'
    ? { kind: 'failed', error: 'it was interrupted, and its probe says that it did not happen' }
    : { kind: 'unknown', error: 'it was interrupted' };
}

async function act(attempt: Attempt): Promise<StepResult> {
  const { step, signal } = attempt;
  const { outcome, late } = await within(attempt, step);
  if (outcome.kind === 'done') return { kind: 'succeeded', output: outcome.value };
  const error = printable(outcome.reason);
  if (outcome.kind !== 'unknown') return { kind: 'failed', error };
  if (outcome.running) return { kind: 'unknown', error, running: true };
  if (step.side_effect === 'once') {
    const known = await probed(attempt, error);
    if (known !== 'absent') return known;
  }
  if (signal.aborted) return step.side_effect === 'none' ? aborted(signal) : { kind: 'unknown', error };
  return late ? { kind: 'timed_out', error } : { kind: 'failed', error };
}

/** Runs an action or a check within its own time limit; `late` says that the limit ended it. */
async function within(
  { deps, at, effect, signal, confirm, sink, hidden }: Attempt,
  { uses, with: raw, timeout }: Check,
): Promise<{ outcome: Outcome<Json>; late: boolean }> {
  const action = deps.actions[uses];
  if (!action) throw new Error(`this worker has no action ${uses}`);
  const secrets = deps.secret && { read: deps.secret, hide: (value: string) => void hidden.push(value) };
  const input = await resolveStep(deps.pool, deps.estate(), at, raw, secrets);
  const read = hidden.length === 0 ? null : createRedactor(hidden);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`timed out after ${formatDuration(timeout)}`)), timeout);
  try {
    const both = AbortSignal.any([signal, limit.signal]);
    const context: ActionContext = {
      signal: both,
      output: (stream, text) => sink.take(stream, read ? read.text(text) : text),
      attempt: { effect: effect.id, fence: effect.fence },
      ...(confirm && { confirm }),
    };
    confirm?.();
    const ended = await action.run(input, context).catch((error: unknown) => unknown(messageOf(error)));
    return { outcome: read ? withoutSecrets(read, ended) : ended, late: limit.signal.aborted };
  } finally {
    clearTimeout(timer);
  }
}

/** An outcome in which no secret that the step was given stands. */
function withoutSecrets(redactor: Redactor, outcome: Outcome<Json>): Outcome<Json> {
  if (outcome.kind === 'done') return done(JSON.parse(JSON.stringify(redactor.value(outcome.value))) as Json);
  return { ...outcome, reason: redactor.text(outcome.reason) };
}

/** Why a check does not hold, or null when it does; one that cannot be tried does not hold. */
async function refusal(attempt: Attempt, check: Check): Promise<string | null> {
  try {
    const { outcome } = await within(attempt, check);
    return outcome.kind === 'done' ? null : printable(outcome.reason);
  } catch (error) {
    return printable(messageOf(error));
  }
}

/** Whether a once-step happened: only a probe that clearly says no allows to act (again). */
async function probed(attempt: Attempt, error: string): Promise<StepResult | 'absent'> {
  const { probe } = attempt.step;
  if (!probe) return { kind: 'unknown', error };
  try {
    const { outcome, late } = await within(attempt, probe);
    if (outcome.kind === 'done') return { kind: 'succeeded', output: { probed: true } };
    if (outcome.kind === 'rejected' && !late && !attempt.signal.aborted) return 'absent';
    return { kind: 'unknown', error: `${error}; its probe cannot tell: ${printable(outcome.reason)}` };
  } catch (failure) {
    return { kind: 'unknown', error: `${error}; its probe cannot tell: ${printable(messageOf(failure))}` };
  }
}

function aborted(signal: AbortSignal): StepResult {
  return { kind: 'failed', error: messageOf(signal.reason) };
}

/** Outputs are data for later steps, but no secret may reach the database or the channel. */
function asStored(redactor: Redactor, result: StepResult): StepResult {
  if (result.kind === 'succeeded') {
    return { ...result, output: JSON.parse(toJson(redactor.value(result.output))) as Json };
  }
  return { ...result, error: redactor.text(printable(result.error)) };
}

/** A job that broke in the middle has done nobody knows what. */
function resultOf(outcome: Outcome<StepResult>): StepResult {
  if (outcome.kind === 'done') return outcome.value;
  return { kind: outcome.kind === 'unknown' ? 'unknown' : 'failed', error: outcome.reason };
}
