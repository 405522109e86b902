import type { DoneBy } from '../domain/actions/definition.ts';
import type { Estate, Runbook } from '../domain/estate/model.ts';
import { EXPRESSION_RULE, ExpressionError } from '../domain/plan/expression.ts';
import { formatPath, references, type Path as Expression } from '../domain/plan/references.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { unknownName, type Problem } from './problem.ts';
import { type Words } from '../domain/schema/words.ts';
import type { Path, Source } from './source.ts';

/** What an expression may read of a service: the facts that do not change during a run. */
export const SERVICE_FIELDS: readonly string[] = ['name', 'owner', 'tier', 'site'];
/** What an expression may read of the estate, and, when a step starts, of the incident. */
export const CONTEXT_FIELDS: Record<string, readonly string[]> = {
  estate: ['name'],
  incident: ['id', 'title', 'severity', 'service', 'declared_at'],
};
const ROOTS = ['inputs', 'steps', 'sites', 'services', 'secrets', ...Object.keys(CONTEXT_FIELDS)];

interface Scope {
  runbook: Runbook;
  estate: Estate | undefined;
  step: string;
  part: 'steps' | 'finally';
  /** Who does what the expression stands in. */
  by: DoneBy;
  /** The steps of the same part. */
  others: readonly string[];
  /** The steps that are surely over when this one starts. */
  before: () => Set<string>;
}

/** Adds a problem for each expression in `value` that is malformed or reads what will not be there. */
export function checkExpressions(
  value: JsonObject,
  scope: Scope,
  source: Source,
  path: Path,
  problems: Problem[],
): void {
  for (const [key, item] of Object.entries(value)) checkValue(item, scope, source, [...path, key], problems);
}

function checkValue(value: Json, scope: Scope, source: Source, path: Path, problems: Problem[]): void {
  if (typeof value === 'string') checkText(value, scope, source, path, problems);
  if (value === null || typeof value !== 'object') return;
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, item] of entries) checkValue(item, scope, source, [...path, key], problems);
}

function checkText(text: string, scope: Scope, source: Source, path: Path, problems: Problem[]): void {
  try {
    for (const { path: expression } of references(text)) {
      const words = wordsFor(expression, scope);
      if (words !== undefined)
        problems.push(
          source.problem(path, { ...words, message: `\${{ ${formatPath(expression)} }}: ${words.message}` }),
        );
    }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    problems.push(
      source.problem(path, { message: error.message, rule: EXPRESSION_RULE, fix: 'correct the expression' }),
    );
  }
}

function wordsFor(expression: Expression, scope: Scope): Words | undefined {
  const root = fixed(expression, 0) ?? '';
  if (root === 'inputs') return nameWords('input', expression, Object.keys(scope.runbook.inputs), 'in the runbook');
  if (root === 'steps') return stepWords(expression, scope);
  if (root === 'secrets') return secretWords(expression, scope);
  if (root === 'sites')
    return scope.estate === undefined ? undefined : siteWords(expression, scope.estate, scope.runbook);
  if (root === 'services') return scope.estate === undefined ? undefined : serviceWords(expression, scope.estate);
  const fields = Object.hasOwn(CONTEXT_FIELDS, root) ? CONTEXT_FIELDS[root] : undefined;
  if (fields !== undefined) return nameWords(`field of ${root}`, expression, fields, '');
  return unknownName('source', root, ROOTS);
}

function nameWords(noun: string, expression: Expression, known: readonly string[], where: string): Words | undefined {
  const name = fixed(expression, 1);
  if (name === undefined) {
    if (expression.length > 1) return undefined;
    return { message: 'names no value', rule: `a name follows ${fixed(expression, 0) ?? ''}`, fix: 'name one value' };
  }
  return known.includes(name) ? undefined : unknownName(noun, name, known, where);
}

function stepWords(expression: Expression, { others, before, part, runbook, step }: Scope): Words | undefined {
  const name = fixed(expression, 1);
  const rule = `\${{ steps.id.output… }} reads what an earlier step gave`;
  if (name === undefined) return { message: 'names no step', rule, fix: 'write the id of a step' };
  if (!others.includes(name)) {
    const main = part === 'finally' && runbook.steps.some(({ id }) => id === name);
    if (!main) return unknownName('step', name, others, 'here');
    return {
      message: `${name} may not have run`,
      rule: 'finally steps run however the run went',
      fix: 'read inputs instead',
    };
  }
  if (!before().has(name) || name === step) {
    const fix = name === step ? 'read an earlier step' : `add ${name} to needs`;
    return { message: `${name} may not be over yet`, rule: `a step reads only steps that it needs`, fix };
  }
  if (fixed(expression, 2) === 'output') return undefined;
  return {
    message: `a step has no ${fixed(expression, 2) ?? 'value of its own'} to read`,
    rule,
    fix: `write steps.${name}.output`,
  };
}

/** Only what a worker does itself may be given a secret: everything else would show or keep it. */
function secretWords(expression: Expression, { by }: Scope): Words | undefined {
  const name = fixed(expression, 1);
  if (by !== 'worker') {
    const rule = 'secrets may stand under with of http, tcp and command, and nowhere that people read';
    return { message: 'a secret would be shown here', rule, fix: 'take it out' };
  }
  if (name !== undefined && expression.length === 2 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return undefined;
  const rule = 'a secret is named by letters, digits and _';
  return { message: 'names no secret', rule, fix: 'write for example secrets.DATABASE_URL' };
}

/** A site that is chosen by an input must have the key wherever the choice falls by default, and in one site at least. */
function siteWords(expression: Expression, { sites }: Estate, runbook: Runbook): Words | undefined {
  const chosen = expression[1];
  if (chosen === undefined)
    return { message: 'names no site', rule: 'a name follows sites', fix: 'write sites.name.key' };
  const name = fixed(expression, 1) ?? ('path' in chosen ? defaultOf(chosen.path, runbook) : undefined);
  if (name !== undefined && !Object.hasOwn(sites, name)) return unknownName('site', name, Object.keys(sites));
  const key = fixed(expression, 2);
  if (key === undefined) return undefined;
  const looked = name === undefined ? Object.values(sites) : [sites[name]];
  if (looked.some((site) => site !== undefined && Object.hasOwn(site, key))) return undefined;
  const known = [...new Set(looked.flatMap((site) => Object.keys(site ?? {})))];
  return unknownName(name === undefined ? 'site key' : `key of site ${name}`, key, known);
}

function serviceWords(expression: Expression, { services }: Estate): Words | undefined {
  const wrong = nameWords('service', expression, Object.keys(services), 'in the estate');
  const field = fixed(expression, 2);
  if (wrong !== undefined || field === undefined) return wrong;
  return SERVICE_FIELDS.includes(field) ? undefined : unknownName('fact of a service', field, SERVICE_FIELDS, '');
}

function defaultOf(path: Expression, runbook: Runbook): string | undefined {
  const input = fixed(path, 1);
  if (fixed(path, 0) !== 'inputs' || input === undefined || path.length > 2) return undefined;
  const value = Object.hasOwn(runbook.inputs, input) ? runbook.inputs[input]?.default : undefined;
  return typeof value === 'string' ? value : undefined;
}

function fixed(expression: Expression, index: number): string | undefined {
  const segment = expression[index];
  return segment !== undefined && 'key' in segment ? String(segment.key) : undefined;
}
