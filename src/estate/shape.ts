import type { z } from 'zod';
import { unknownKey, wordsForIssue, wordsOf } from '../domain/schema/fields.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** The parsed value, or undefined after the problems were added; `path` says where in the source `raw` stands. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  raw: unknown,
  source: Source,
  path: Path,
  problems: Problem[],
): z.output<T> | undefined {
  const result = schema.safeParse(raw, { error: wordsForIssue });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const within = withoutListKeys(raw, issue.path);
    const place = [...path, ...within];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const words = unknownKey(key, issue.message);
        const at = place.length === 0 ? '' : `${formatPlace(place)}: `;
        problems.push(source.problem(place, { ...words, message: `${at}${words.message}` }, key));
      }
      continue;
    }
    const missing = valueAt(raw, within) === undefined;
    const last = String(place.at(-1) ?? 'the file');
    if (missing) {
      const words = {
        message: `"${last}" is missing`,
        rule: `${formatPlace(place.slice(0, -1))} needs it`,
        fix: `add ${last}:`,
      };
      problems.push(source.problem(place, words));
      continue;
    }
    const { message, rule, fix } = wordsOf(issue.message);
    const key = issue.code === 'invalid_key' ? last : undefined;
    problems.push(
      source.problem(
        key === undefined ? place : place.slice(0, -1),
        { message: `${formatPlace(place)}: ${message}`, rule, fix },
        key,
      ),
    );
  }
  return undefined;
}

/** `services.api.checks[0].with` */
function formatPlace(path: Path): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./, '');
}

/** A list that stands for a map has none of its keys in the file: the place of what is in it goes without them. */
function withoutListKeys(raw: unknown, path: readonly PropertyKey[]): PropertyKey[] {
  const kept: PropertyKey[] = [];
  for (const key of path) {
    const isAbsent = typeof key === 'string' && Array.isArray(valueAt(raw, kept));
    if (!isAbsent) kept.push(key);
  }
  return kept;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}
