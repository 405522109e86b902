import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../domain/json.ts';

/** Says what is wrong with a status; undefined when it is one of the expected ones (200 to 299 by default). */
export function checkStatus(status: number, expected: readonly number[] | undefined): string | undefined {
  const fits = expected === undefined ? status >= 200 && status < 300 : expected.includes(status);
  return fits ? undefined : `status ${status}, expected ${expected?.join(' or ') ?? '200 to 299'}`;
}

/** Says what is wrong with a body; undefined when it holds the wanted text and values. */
export function checkBody(
  text: string,
  value: Json,
  expected: { expect_body: string | undefined; expect_json: Record<string, Json> | undefined },
): string | undefined {
  if (expected.expect_body !== undefined && !text.includes(expected.expect_body)) {
    return `the body does not contain ${JSON.stringify(expected.expect_body)}`;
  }
  for (const [path, wanted] of Object.entries(expected.expect_json ?? {})) {
    const found = valueAt(value, path);
    if (!isDeepStrictEqual(found, wanted)) {
      return `${path} in the body is ${found === undefined ? 'missing' : short(found)}, expected ${short(wanted)}`;
    }
  }
  return undefined;
}

/** Follows a path such as `checks.0.state`. */
function valueAt(value: Json, path: string): Json | undefined {
  let at: Json | undefined = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Array.isArray(at) ? at[Number(key)] : at[key];
  }
  return at;
}

const short = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};
