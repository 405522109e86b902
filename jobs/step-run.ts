import type pg from 'pg';
import { z } from 'zod';
import { formatDuration } from '../src/domain/duration.ts';
import type { Check, Estate } from '../src/domain/estate-model.ts';
import type { Json } from '../src/domain/json.ts';
import { done, type Outcome } from '../src/domain/outcome.ts';
import type { Plan, PlanStep, StepResult } from '../src/domain/run-model.ts';
import { messageOf } from '../src/errors.ts';
import type { Action } from '../src/ports/action.ts';
import type { Job } from '../src/ports/job.ts';
import { redact } from '../src/redact.ts';
import { planByDigest } from '../src/store/runs.ts';
import type { StepLedger } from '../src/verbs/step-ledger.ts';
import { payload } from './payload.ts';
import { resolveStep } from './step-context.ts';
import { outputSink, printable, type OutputSink } from './step-output.ts';

interface Deps {
  pool: pg.Pool;
  estate: () => Estate;
  actions: Record<string, Action>;
  ledger: StepLedger;
}

const SHAPE = { incident: z.number(), run: z.number(), plan: z.string(), step: z.string(), attempt: z.number() };

interface Attempt {
  deps: Deps;
  at: { incident: number; run: number; plan: Plan };
  step: PlanStep;
  signal: AbortSignal;
  sink: OutputSink;
}

/** Runs one attempt of a step: what must hold before, the action, what must hold after. */
export function stepRun(deps: Deps): Job {
  return {
    kind: 'step.run',
    async run(effect, { signal }): Promise<Outcome<Json>> {
      const input = payload(effect, SHAPE);
      const index = await planByDigest(deps.pool, input.plan);
      const sink = outputSink(deps.pool, input);
      const at = { incident: input.incident, run: input.run, plan: index.plan };
      const attempt: Attempt = { deps, at, step: index.step(input.step), signal, sink };
      const result = signal.aborted ? aborted(signal) : await perform(attempt, effect.unknown_since !== null);
      await sink.close();
      return done(asJson(result));
    },
    settle: (effect, outcome, taker) => {
      const { incident, run, step, attempt } = payload(effect, SHAPE);
      const result =
        outcome.kind === 'done' ? fromJson(outcome.value) : { kind: 'failed' as const, error: outcome.reason };
      return deps.ledger.record(incident, { effect, run, step, attempt, result }, taker);
    },
  };
}

async function perform(attempt: Attempt, interrupted: boolean): Promise<StepResult> {
  const { step } = attempt;
  try {
    // An interrupted once-step is looked at before anything else, and never repeated on a guess.
    if (interrupted && step.side_effect === 'once') {
      if (!step.probe) return { kind: 'unknown', error: 'it was interrupted, and nothing tells whether it happened' };
      if (await holds(attempt, step.probe)) return { kind: 'succeeded', output: { probed: true } };
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
  if (signal.aborted) return aborted(signal);
  if (step.side_effect === 'once') {
    if (!step.probe) return { kind: 'unknown', error };
    if (await holds(attempt, step.probe)) return { kind: 'succeeded', output: { probed: true } };
  }
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
    const outcome = await action.run(input, { signal: both, output: (stream, text) => sink.take(stream, text) });
    return { outcome, late: limit.signal.aborted };
  } finally {
    clearTimeout(timer);
  }
}

/** Why a check does not hold, or null when it does. */
async function refusal(attempt: Attempt, check: Check): Promise<string | null> {
  const { outcome } = await within(attempt, check);
  return outcome.kind === 'done' ? null : printable(outcome.reason);
}

async function holds(attempt: Attempt, check: Check): Promise<boolean> {
  return (await refusal(attempt, check)) === null;
}

function aborted(signal: AbortSignal): StepResult {
  return { kind: 'failed', error: messageOf(signal.reason) };
}

const RESULT = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('succeeded'), output: z.custom<Json>() }),
  z.object({ kind: z.literal('failed'), error: z.string(), happened: z.boolean().optional() }),
  z.object({ kind: z.enum(['timed_out', 'unknown']), error: z.string() }),
]);

/** Outputs are data for later steps, but no secret may reach the database or the channel. */
function asJson(result: StepResult): Json {
  return JSON.parse(JSON.stringify(redact(result)).replaceAll('\\u0000', '\uFFFD')) as Json;
}

function fromJson(value: Json): StepResult {
  const result = RESULT.parse(value);
  if (result.kind !== 'failed') return result;
  return { kind: 'failed', error: result.error, ...(result.happened && { happened: true }) };
}
