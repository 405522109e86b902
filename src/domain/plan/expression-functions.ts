import { data, ExpressionEvaluationError } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { truthy } from '@actions/expressions/result';
import { satisfies, valid, validRange } from 'semver';
import { DURATION_RULE, parseDuration } from '../duration.ts';
import type { Json } from '../json.ts';
import { toData, toJson } from './expression-values.ts';

type Value = data.ExpressionData;

/** What expressions can call besides GitHub's functions, by the name in small letters. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    define('count', 1, 1, (value) => {
      if (value?.kind === data.Kind.Dictionary) return value.pairs().length;
      return listOf('count', value).length;
    }),
    define('any', 1, 1, (list) => listOf('any', list).some(truthy)),
    define('all', 1, 1, (list) => listOf('all', list).every(truthy)),
    define('majority', 1, 1, (list) => {
      const all = listOf('majority', list);
      return all.filter(truthy).length * 2 > all.length;
    }),
    define('min', 1, 255, (...values) => Math.min(...someNumbers('min', values))),
    define('max', 1, 255, (...values) => Math.max(...someNumbers('max', values))),
    define('sum', 1, 255, (...values) => numbersOf('sum', values).reduce((sum, each) => sum + each, 0)),
    define('duration', 1, 1, (value) => {
      const ms = value?.kind === data.Kind.Number ? value.value : parseDuration(value?.coerceString() ?? '');
      if (ms === undefined) throw fault(`duration(): ${show(value)}: ${DURATION_RULE}`);
      return ms;
    }),
    define('semver', 2, 2, (version, range) => {
      const [given, wanted] = [textOf(version), textOf(range)];
      if (valid(given) === null) throw fault(`semver(): ${show(version)} is no version such as 18.2.1`);
      if (validRange(wanted) === null) throw fault(`semver(): ${show(range)} is no range such as >=18 <19`);
      return satisfies(given, wanted);
    }),
    // The library's own two lose keys such as `constructor`.
    define('fromJSON', 1, 1, (value) => {
      try {
        return JSON.parse(textOf(value)) as Json;
      } catch (error) {
        throw new ExpressionEvaluationError(`fromJSON(): ${show(value)} is not JSON`, { cause: error });
      }
    }),
    define('toJSON', 1, 1, (value) => JSON.stringify(value ? toJson(value) : null, null, 2)),
  ].map((each) => [each.name.toLowerCase(), each]),
);

function define(
  name: string,
  minArgs: number,
  maxArgs: number,
  call: (...args: (Value | undefined)[]) => Json,
): FunctionDefinition {
  return { name, minArgs, maxArgs, call: (...args: Value[]) => toData(call(...args)) };
}

function listOf(name: string, value: Value | undefined): Value[] {
  if (value?.kind === data.Kind.Array) return value.values();
  throw fault(`${name}() takes a list, not ${show(value)}`);
}

/** A list of numbers, or the numbers themselves; text that is a number counts as one. */
function numbersOf(name: string, values: (Value | undefined)[]): number[] {
  const [only] = values;
  const all = values.length === 1 && only?.kind === data.Kind.Array ? only.values() : values;
  return all.map((value) => {
    const number = value?.kind === data.Kind.Number || isNumeral(value) ? (value?.number() ?? NaN) : NaN;
    if (Number.isFinite(number)) return number;
    throw fault(`${name}() takes numbers, not ${show(value)}`);
  });
}

function someNumbers(name: string, values: (Value | undefined)[]): number[] {
  const all = numbersOf(name, values);
  if (all.length === 0) throw fault(`${name}() of an empty list does not exist`);
  return all;
}

const isNumeral = (value: Value | undefined): boolean => value?.kind === data.Kind.String && value.value.trim() !== '';

const textOf = (value: Value | undefined): string => value?.coerceString() ?? '';

const show = (value: Value | undefined): string => JSON.stringify(value ? toJson(value) : null).slice(0, 60);

const fault = (words: string): ExpressionEvaluationError => new ExpressionEvaluationError(words);
