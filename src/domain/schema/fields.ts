import * as z from 'zod';
import { DURATION_RULE, parseDuration } from '../duration.ts';
import { hasExpression } from '../plan/expression.ts';
import { nearestName } from '../nearest.ts';
import { listNames, quote, type Words } from './words.ts';

/*
 * The pieces that the schemas are made of. Every issue's message is a Words object as JSON, so that shape.ts can give
 * the rule and the fix beside the value; `wordsOf` reads it back.
 */

type RawIssue = z.core.$ZodRawIssue;

export const say = (words: Words): string => JSON.stringify(words);

export function wordsOf(message: string): Words {
  return JSON.parse(message) as Words;
}

/** Words for whatever zod finds by itself; given to every parse. */
export function wordsForIssue(issue: RawIssue): string {
  const got = `got ${quote(issue.input)}`;
  if (issue.code === 'invalid_type') {
    const { expected, input } = issue;
    return say({ message: got, rule: `must be ${kind(expected)}`, fix: fixForType(expected, input) });
  }
  if (issue.code === 'too_small') {
    return say({ message: got, rule: sizeRule(issue.origin, 'at least', issue.minimum), fix: 'use a larger value' });
  }
  if (issue.code === 'too_big') {
    return say({ message: got, rule: sizeRule(issue.origin, 'at most', issue.maximum), fix: 'use a smaller value' });
  }
  if (issue.code === 'invalid_key') return say({ message: 'not a name', rule: NAME_RULE, fix: 'rename it' });
  return say({ message: got, rule: issue.message ?? 'the value does not fit here', fix: 'see docs/estate.md' });
}

/** A map with exactly these keys; an unknown key is answered with the nearest known one. */
export function object<T extends z.core.$ZodLooseShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? JSON.stringify({ known }) : undefined),
  });
}

/** The words for one key that `object` did not know. */
export function unknownKey(key: string, message: string): Words {
  const { known } = JSON.parse(message) as { known: string[] };
  const near = nearestName(key, known);
  return {
    message: `unknown key ${quote(key)}`,
    rule: known.length === 0 ? 'nothing is set here' : `known keys: ${listNames(known)}`,
    fix: near === undefined ? 'remove it' : `did you mean ${quote(near)}?`,
  };
}

const NAME_RULE = 'a name is letters, digits, - and _, and starts with a letter or digit';
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/, {
  error: ({ input }) => say({ message: `got ${quote(input)}`, rule: NAME_RULE, fix: 'rename it' }),
});
export const text = z.string().min(1);
export const names = z.array(name);
export const map = <T extends z.ZodType>(value: T): z.ZodRecord<typeof name, T> => z.record(name, value);

/** Slack: at most 80 characters, no capitals, spaces or punctuation but - and _. */
const CHANNEL_LENGTH = 80;
const CHANNEL_RULE = `a channel is "#name", in lower case without spaces, at most ${CHANNEL_LENGTH} characters, or an id such as C0123ABCD`;

/** Where a message goes in Slack: `#name`, a channel's id, or one of `words`. */
export const channel = (...words: readonly string[]) =>
  z.string().refine((value) => words.includes(value) || isChannel(value), {
    error: ({ input }) => say(channelWords(String(input), words)),
  });

const isChannel = (value: string): boolean =>
  /^[CG][A-Z0-9]{4,}$/.test(value) ||
  (/^#[^\s.,:;!?'"`/\\|()[\]{}<>@#$%^&*+=~]+$/u.test(value) &&
    value === value.toLowerCase() &&
    Array.from(value).length <= CHANNEL_LENGTH + 1);

function channelWords(input: string, words: readonly string[]): Words {
  const plain = input.trim().replace(/^#+/, '').toLowerCase();
  const near = `#${Array.from(plain.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-'))
    .slice(0, CHANNEL_LENGTH)
    .join('')}`;
  const rule = words.length === 0 ? CHANNEL_RULE : `${CHANNEL_RULE}, or ${words.join(', ')}`;
  const word = nearestName(input, words);
  return { message: `got ${quote(input)}`, rule, fix: `did you mean ${quote(word ?? near)}?` };
}

const durationText = (least: number, rule: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? undefined : say(durationWords(input, DURATION_RULE))) })
    .transform((value, context) => {
      const ms = parseDuration(value);
      if (ms !== undefined && ms >= least) return ms;
      context.addIssue({ code: 'custom', message: say(durationWords(value, ms === undefined ? DURATION_RULE : rule)) });
      return z.NEVER;
    })
    .meta({ format: 'duration' });

/** Milliseconds, more than none. */
export const duration = durationText(1, 'it must be longer than 0');
/** Milliseconds, possibly none. */
export const durationOrZero = durationText(0, DURATION_RULE);

/** One of a few words; the noun names it in the problem. */
export function choice<const T extends readonly string[]>(
  noun: string,
  values: T,
): z.ZodEnum<z.core.util.ToEnum<T[number]>> {
  return z.enum(values, {
    error: ({ input }) => {
      if (input === undefined) return undefined;
      const near = typeof input === 'string' ? nearestName(input, values) : undefined;
      const fix = near === undefined ? `use one of them` : `did you mean ${quote(near)}?`;
      return say({ message: `unknown ${noun} ${quote(input)}`, rule: `known: ${listNames(values)}`, fix });
    },
  });
}

/** A value of this shape, or a string with an expression that gives one when the step runs. */
export function templated<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .transform((value, context): string | z.output<T> => {
      if (typeof value === 'string' && hasExpression(value)) return value;
      const result = schema.safeParse(value, { error: wordsForIssue });
      if (result.success) return result.data;
      for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
      return z.NEVER;
    })
    .meta({ ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), $schema: undefined, expression: true });
}

/** One line of text, or an expression that gives one. */
export const line = templated(z.string());

function durationWords(input: unknown, rule: string): Words {
  return {
    message: `got ${quote(input)}`,
    rule,
    fix: typeof input === 'number' ? `write ${input}s or ${input}m` : 'write for example 15m',
  };
}

function kind(expected: string): string {
  const kinds: Record<string, string> = {
    string: 'text',
    record: 'a map',
    object: 'a map',
    array: 'a list',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return kinds[expected] ?? expected;
}

function fixForType(expected: string, input: unknown): string {
  if (expected === 'string' && ['number', 'boolean'].includes(typeof input)) return 'put it in quotes';
  if (expected === 'array') return 'write it as [a, b]';
  return `write ${kind(expected)}`;
}

function sizeRule(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `${bound} ${limit} characters`;
  if (origin === 'array') return `${bound} ${limit} entries`;
  return `${bound} ${limit}`;
}
