import type pg from 'pg';
import { formatDuration } from '../src/domain/duration.ts';
import type { Check, Estate } from '../src/domain/estate/model.ts';
import type { Json } from '../src/domain/json.ts';
import { done, unknown, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Plan, PlanStep, StepResult } from '../src/domain/run/model.ts';
import { Interrupted, messageOf } from '../src/runtime/errors.ts';
import type { Action } from '../src/ports/action.ts';
import type { Job } from '../src/ports/job.ts';
import { redact } from '../src/runtime/redact.ts';
import { toJson } from '../src/store/persist.ts';
import { planByDigest } from '../src/store/run/runs.ts';
import type { StepLedger } from '../src/verbs/run/step-ledger.ts';
import { resolveStep } from './step-context.ts';
import { outputSink, printable, type OutputSink } from './step-output.ts';

interface Deps {
  pool: pg.Pool;
  estate: () => Estate;
  actions: Record<string, Action>;
  ledger: StepLedger;
  /** Ends what killed workers of this machine left running. */
  endOrphans?: () => Promise<void>;
}

interface Attempt {
  deps: Deps;
  at: { incident: number; run: number; plan: Plan };
  step: PlanStep;
  signal: AbortSignal;
  sink: OutputSink;
}

/** Runs one attempt of a step: what must hold before, the action, what must hold after. */
export function stepRun(deps: Deps): Job<'step.run'> {
  return {
    kind: 'step.run',
    async run(effect, { signal }) {
      const input = effect.payload;
      const index = await planByDigest(deps.pool, input.plan).catch((error: unknown) => messageOf(error));
      if (typeof index === 'string') return done({ kind: 'failed', error: `not begun: ${index}` });
      const sink = outputSink(deps.pool, input);
      const at = { incident: input.incident, run: input.run, plan: index.plan };
      const attempt: Attempt = { deps, at, step: index.step(input.step), signal, sink };
      const result = signal.aborted ? aborted(signal) : await perform(attempt, effect.unknown_since !== null);
      await sink.close();
      if (result.kind !== 'succeeded' && signal.reason instanceof Interrupted) return unknown(signal.reason.message);
      return done(asStored(result));
    },
    settle: (effect, outcome, continuation) =>
      deps.ledger.record({ effect, ...effect.payload, result: resultOf(outcome) }, continuation),
  };
}

async function perform(attempt: Attempt, interrupted: boolean): Promise<StepResult> {
  const { step } = attempt;
  try {
    if (interrupted) await attempt.deps.endOrphans?.();
    // An interrupted once-step is looked at before anything else, and never repeated on a guess.
    if (interrupted && step.side_effect === 'once') {
      const known = await probed(attempt, 'it was interrupted, and nothing tells whether it happened');
      if (known !== 'absent') return known;
    }
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

async function act(attempt: Attempt): Promise<StepResult> {
  const { step, signal } = attempt;
  const { outcome, late } = await within(attempt, step);
  if (outcome.kind === 'done') return { kind: 'succeeded', output: outcome.value };
  const error = printable(outcome.reason);
  if (outcome.kind !== 'unknown') return { kind: 'failed', error };
  if (step.side_effect === 'once') {
    const known = await probed(attempt, error);
    if (known !== 'absent') return known;
  }
  if (signal.aborted) return aborted(signal);
  return late ? { kind: 'timed_out', error } : { kind: 'failed', error };
}

/** Runs an action or a check within its own time limit; `late` says that the limit ended it. */
async function within(
  { deps, at, signal, sink }: Attempt,
  { uses, with: raw, timeout }: Check,
): Promise<{ outcome: Outcome<Json>; late: boolean }> {
  const action = deps.actions[uses];
  if (!action) throw new Error(`this worker has no action ${uses}`);
  const input = await resolveStep(deps.pool, deps.estate(), at, raw);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`timed out after ${formatDuration(timeout)}`)), timeout);
  try {
    const both = AbortSignal.any([signal, limit.signal]);
    const context = { signal: both, output: (stream: 'stdout' | 'stderr', text: string) => sink.take(stream, text) };
    const outcome = await action.run(input, context).catch((error: unknown) => unknown(messageOf(error)));
    return { outcome, late: limit.signal.aborted };
  } finally {
    clearTimeout(timer);
  }
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
function asStored(result: StepResult): StepResult {
  if (result.kind === 'succeeded') return { ...result, output: JSON.parse(toJson(redact(result.output))) as Json };
  return { ...result, error: printable(result.error) };
}

/** A job that broke in the middle has done nobody knows what. */
function resultOf(outcome: Outcome<StepResult>): StepResult {
  if (outcome.kind === 'done') return outcome.value;
  return { kind: outcome.kind === 'unknown' ? 'unknown' : 'failed', error: outcome.reason };
}
