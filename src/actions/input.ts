import * as z from 'zod';
import type { Json } from '../domain/json.ts';
import { withoutNul } from './process-output.ts';

/** Reads a step's `with`; a string result says what is wrong with it, key by key. */
export function readInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
): { ok: true; value: T } | { ok: false; reason: string } {
  const read = schema.safeParse(input);
  if (read.success) return { ok: true, value: read.data };
  const problems = read.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  return { ok: false, reason: `the input does not fit: ${problems.join('; ')}` };
}

export const json: z.ZodType<Json> = z.json();

/** Parses one JSON document, without NUL characters (PostgreSQL refuses them); undefined when the text is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return json.parse(
      JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? withoutNul(value) : value)),
    );
  } catch {
    return undefined;
  }
}

/** Environment values and headers may be written as numbers or yes/no in YAML. */
export const scalars = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value)),
);

export const port = z.coerce.number().int().min(1).max(65_535);
