import type { Check, Input, Runbook, Step } from '../domain/estate/model.ts';
import { actionOf, checkNames } from '../domain/actions/index.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Problem } from './problem.ts';
import { runbookSchema, type RawCheck, type RawStep } from './schema-runbook.ts';
import { checkShape } from './shape.ts';
import type { Path, Source } from './source.ts';

const STEP_TIMEOUT = 60_000;
const WORKER_KEYS = ['preconditions', 'postconditions', 'probe', 'retry', 'side_effect', 'rollback'] as const;

/** The runbook that a file holds, in the model's form; undefined after problems were added. Names are not looked up. */
export function parseRunbook(source: Source, problems: Problem[]): Runbook | undefined {
  const before = problems.length;
  const raw = checkShape(runbookSchema, source.raw, source, [], problems);
  if (raw === undefined) return undefined;
  const steps = raw.steps.map((step, index) => parseStep(step, source, ['steps', index], problems));
  const last = raw.finally.map((step, index) => parseStep(step, source, ['finally', index], problems));
  if (problems.length > before) return undefined;
  const inputs: Record<string, Input> = raw.inputs;
  return { ...withoutUndefined(raw), inputs, steps: steps.filter(isDefined), finally: last.filter(isDefined) };
}

/** A check with the defaults of its action; `timeout` in ms is taken when it has none of its own. */
export function parseCheck(
  raw: RawCheck,
  source: Source,
  path: Path,
  problems: Problem[],
  timeout = STEP_TIMEOUT,
): Check | undefined {
  const action = actionOf(raw.uses);
  if (!action.check) {
    const rule = `only ${checkNames.join(', ')} can stand here`;
    problems.push(
      source.problem([...path, 'uses'], {
        message: `${raw.uses} is not a check`,
        rule,
        fix: 'make it a step of its own',
      }),
    );
    return undefined;
  }
  const input = checkShape(action.schema, raw.with, source, [...path, 'with'], problems);
  return input && { uses: raw.uses, with: asJson(input), timeout: raw.timeout ?? timeout };
}

function parseStep(raw: RawStep, source: Source, path: Path, problems: Problem[]): Step | undefined {
  const action = actionOf(raw.uses);
  // What people and the clock do is not probed, repeated or checked.
  if (action.by !== 'worker') problems.push(...misplacedKeys(raw, source, path));
  const input = checkShape(action.schema, raw.with, source, [...path, 'with'], problems);
  const check = (value: RawCheck, ...place: (string | number)[]) =>
    parseCheck(value, source, [...path, ...place], problems);
  const probe = raw.probe && check(raw.probe, 'probe');
  const rollback = raw.rollback && check(raw.rollback, 'rollback');
  const preconditions = (raw.preconditions ?? []).map((value, index) => check(value, 'preconditions', index));
  const postconditions = (raw.postconditions ?? []).map((value, index) => check(value, 'postconditions', index));
  if (input === undefined) return undefined;
  const json = asJson(input);
  return {
    id: raw.id,
    name: raw.name ?? raw.id,
    uses: raw.uses,
    with: json,
    needs: [...new Set(raw.needs)],
    side_effect: raw.side_effect ?? action.sideEffect(json),
    timeout: raw.timeout ?? action.timeout(json),
    retry: raw.retry ?? { max_attempts: 1, interval: 1000, backoff_factor: 2, max_interval: 60_000 },
    on_failure: raw.on_failure,
    preconditions: preconditions.filter(isDefined),
    postconditions: postconditions.filter(isDefined),
    ...(probe && { probe }),
    ...(rollback && { rollback }),
    ...(raw.site !== undefined && { site: raw.site }),
    ...(raw.expected_duration !== undefined && { expected_duration: raw.expected_duration }),
  };
}

function misplacedKeys(raw: RawStep, source: Source, path: Path): Problem[] {
  const keys = WORKER_KEYS.filter((key) => raw[key] !== undefined);
  const problems = keys.map((key) => {
    const rule = `${raw.uses} steps are done by people or the clock: nothing of theirs is probed, repeated or undone`;
    const fix = `remove ${key}, or put it on the step that acts`;
    return source.problem(path, { message: `${key} is not allowed on ${article(raw.uses)} step`, rule, fix }, key);
  });
  if (raw.timeout !== undefined && raw.uses !== 'notify') {
    const fix = raw.uses === 'wait' ? 'set with.duration' : 'write it under with:';
    const words = {
      message: `timeout is not allowed on ${article(raw.uses)} step`,
      rule: 'its time is set under with',
      fix,
    };
    problems.push(source.problem(path, words, 'timeout'));
  }
  return problems;
}

/** The schemas give JSON; a round trip drops what is undefined. */
function asJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

type Head = Pick<Runbook, 'name' | 'description' | 'objectives'> & { locks: string[] };

function withoutUndefined({ name, description, objectives, locks }: Head) {
  return { name, description, ...(objectives && { objectives }), ...(locks.length > 0 && { locks }) };
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}
