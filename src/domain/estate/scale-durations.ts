import { durationOf } from '../duration.ts';
import type { Estate, EscalationPolicy, Runbook, Severity, Step } from './model.ts';
import type { Json, JsonObject } from '../json.ts';

/** Nothing that people wait for is shorter, in ms: a clock that runs out at once shows nothing. */
const SHORTEST_MS = 1000;

/** People read and decide no faster in a rehearsal: no time limit of theirs becomes shorter than this, in ms. */
const SHORTEST_FOR_PEOPLE_MS = 60_000;

/**
 * The estate with everything that people wait for divided by `speed`: objectives, cadence, escalation, approval, tasks
 * and waits, so that an hour of a rehearsal fits a minute. What machines take (time-outs, retries, checks) stays, and
 * whoever has to decide or to do something keeps at least a minute.
 */
export function scaleDurations(estate: Estate, speed: number): Estate {
  if (speed === 1) return estate;
  const quick = (ms: number): number => (ms === 0 ? 0 : Math.max(SHORTEST_MS, Math.round(ms / speed)));
  const patient = (ms: number): number => Math.max(quick(ms), Math.min(ms, SHORTEST_FOR_PEOPLE_MS));
  return {
    ...estate,
    severities: mapValues(estate.severities, (each) => hastenSeverity(each, quick)),
    escalation_policies: mapValues(estate.escalation_policies, (each) => hastenPolicy(each, quick)),
    services: mapValues(estate.services, (each) => ({
      ...each,
      rto: quick(each.rto),
      rpo: quick(each.rpo),
      ...(each.recovery_time !== undefined && { recovery_time: quick(each.recovery_time) }),
      ...(each.approval?.timeout !== undefined && {
        approval: { ...each.approval, timeout: patient(each.approval.timeout) },
      }),
    })),
    runbooks: mapValues(estate.runbooks, (each) => hastenRunbook(each, { quick, patient })),
  };
}

type Quick = (ms: number) => number;

const hastenSeverity = (severity: Severity, quick: Quick): Severity => ({
  ...severity,
  rto: quick(severity.rto),
  ...(severity.rpo !== undefined && { rpo: quick(severity.rpo) }),
  ...(severity.respond_within !== undefined && { respond_within: quick(severity.respond_within) }),
  update_every: quick(severity.update_every),
});

const hastenPolicy = (policy: EscalationPolicy, quick: Quick): EscalationPolicy => ({
  ...policy,
  patience: quick(policy.patience),
  levels: policy.levels.map((level) => ({ ...level, after: quick(level.after) })),
});

interface Clocks {
  quick: Quick;
  /** For time limits of people. */
  patient: Quick;
}

function hastenRunbook(runbook: Runbook, clocks: Clocks): Runbook {
  const { quick } = clocks;
  const { rto, rpo } = runbook.objectives ?? {};
  return {
    ...runbook,
    ...(runbook.objectives && {
      objectives: { ...(rto !== undefined && { rto: quick(rto) }), ...(rpo !== undefined && { rpo: quick(rpo) }) },
    }),
    steps: runbook.steps.map((step) => hastenStep(step, clocks)),
    finally: runbook.finally.map((step) => hastenStep(step, clocks)),
  };
}

/** Which word under `with` a person waits for, and by which clock. */
const WAITED: Partial<Record<Step['uses'], [word: string, clock: keyof Clocks]>> = {
  approval: ['timeout', 'patient'],
  manual: ['timeout', 'patient'],
  wait: ['duration', 'quick'],
};

function hastenStep(step: Step, clocks: Clocks): Step {
  const waited = WAITED[step.uses];
  if (waited === undefined) return step;
  const [word, clock] = waited;
  return { ...step, with: hastenWord(step.with, word, clocks[clock]) };
}

function hastenWord(words: JsonObject, word: string, quick: Quick): JsonObject {
  const ms = durationOf(words[word]);
  const shorter: Json | undefined = ms === undefined ? words[word] : quick(ms);
  return shorter === undefined ? words : { ...words, [word]: shorter };
}

const mapValues = <Key extends string, Value>(
  record: Record<Key, Value>,
  change: (value: Value) => Value,
): Record<Key, Value> =>
  Object.fromEntries(Object.entries<Value>(record).map(([key, value]) => [key, change(value)])) as Record<Key, Value>;
