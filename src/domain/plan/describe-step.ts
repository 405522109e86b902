import { formatDuration } from '../duration.ts';
import type { Check } from '../estate/model.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PlanStep } from '../run/model.ts';
import { quoteVisibly } from './visible.ts';

/** Puts in what is known of an expression; what is not known stays as it is written. */
export type Resolve = (text: string) => Part[];
type Part = { value: Json } | { source: string };

/** Everything that a step would do, line by line and byte by byte: nothing is shortened, and nothing is left out. */
export function describeStep(step: PlanStep, resolve: Resolve): string[] {
  const { id, name, uses, side_effect, timeout, retry, on_failure, site, preconditions, postconditions, look } = step;
  const facts = [
    uses,
    `side effect ${side_effect}`,
    ...(timeout > 0 ? [`at most ${formatDuration(timeout)}`] : []),
    ...(retry.max_attempts > 1 ? [`tried up to ${retry.max_attempts} times`] : []),
    `on failure ${on_failure}`,
    ...(site === undefined ? [] : [`at ${site}`]),
  ];
  const part = (title: string, check: Check): string[] => [
    `  ${title}: ${check.uses}`,
    ...describeInput(check.with, resolve).map((line) => `    ${line}`),
  ];
  return [
    `step ${id}: ${quoteVisibly(name)}`,
    `  ${facts.join(', ')}`,
    ...describeInput(step.with, resolve).map((line) => `  ${line}`),
    ...(look ? [`  looks at ${look.service} first, and leaves it alone when all of this holds`] : []),
    ...(look?.checks ?? []).flatMap((check) => part(check.id, check)),
    ...preconditions.flatMap((check, index) => part(`before, ${index + 1}`, check)),
    ...postconditions.flatMap((check, index) => part(`after, ${index + 1}`, check)),
    ...(step.probe ? part('probe', step.probe) : []),
    ...(step.rollback ? part('undone by', step.rollback) : []),
  ];
}

/** What stands under `with`, sorted, since the database keeps no order of keys. */
function describeInput(input: JsonObject, resolve: Resolve): string[] {
  return Object.keys(input)
    .sort()
    .flatMap((key) => describeValue(nameOf(key), input[key] ?? null, resolve));
}

function describeValue(name: string, value: Json, resolve: Resolve): string[] {
  if (typeof value === 'string') return describeText(name, resolve(value));
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [`${name} = ${format(value, resolve)}`];
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return [`${name} = {}`];
  return keys.flatMap((key) => describeValue(`${name}.${nameOf(key)}`, value[key] ?? null, resolve));
}

/** A long text is read line by line; each line is quoted with its end, so nothing can pose as the next key. */
function describeText(name: string, parts: Part[]): string[] {
  const pieces = parts.flatMap((part): Part[] =>
    'value' in part && typeof part.value === 'string'
      ? part.value.split(/(?<=\n)/).map((value) => ({ value }))
      : [part],
  );
  if (pieces.length === parts.length) return [`${name} = ${formatParts(parts)}`];
  return [`${name} =`, ...pieces.map((piece) => `  ${formatParts([piece])}`)];
}

function format(value: Json, resolve: Resolve): string {
  if (typeof value === 'string') return formatParts(resolve(value));
  if (Array.isArray(value)) return `[${value.map((item) => format(item, resolve)).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${quoteVisibly(key)}: ${format(value[key] ?? null, resolve)}`).join(', ')}}`;
}

/** What is known is quoted and an expression is not, so that a text can never pose as an expression. */
const formatParts = (parts: Part[]): string =>
  parts.map((part) => ('source' in part ? part.source : known(part.value))).join(' + ') || '""';

const known = (value: Json): string =>
  typeof value === 'string' ? quoteVisibly(value) : format(value, (text) => [{ value: text }]);

const nameOf = (key: string): string => (/^[\w-]+$/.test(key) ? key : quoteVisibly(key));
