import type { Json, JsonObject } from '../json.ts';

/*
 * `${{ path }}` reads data and does nothing else: names, dots, brackets and paths inside brackets. There are no
 * operators, calls or code, and only a value's own properties are seen.
 */

/** One link of a path: a fixed name or index, or a path whose value is the name or index. */
export type Segment = { key: string | number } | { path: Path };
/** The first link is always a fixed name. */
export type Path = Segment[];
export type TemplatePart = { text: string } | { path: Path };

/** Where in a value a path is read; `at` leads to the string that holds it. A path in brackets is a reference too. */
export interface Ref {
  path: Path;
  at: (string | number)[];
}

export const EXPRESSION_RULE =
  'an expression is a path of names: ${{ inputs.site }}, ${{ sites[inputs.site].url }}, ${{ steps.check.output.lag }}';

export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

export function hasExpression(text: string): boolean {
  return text.includes('${{');
}

/** Splits text into literal parts and paths; throws ExpressionError with the position when one is malformed. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (let open = text.indexOf('${{'); open >= 0; open = text.indexOf('${{', at)) {
    if (open > at) parts.push({ text: text.slice(at, open) });
    const { path, end } = readPath(text, open + 3);
    const close = skipSpace(text, end);
    if (!text.startsWith('}}', close)) throw malformed(text, close, "expected '.', '[' or '}}'");
    parts.push({ path });
    at = close + 2;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** Every path that evaluating `value` would read, found without evaluating it. */
export function references(value: Json, at: (string | number)[] = []): Ref[] {
  if (typeof value === 'string') {
    return parseTemplate(value).flatMap((part) =>
      'path' in part ? pathsIn(part.path).map((path) => ({ path, at })) : [],
    );
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => references(item, [...at, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => references(item, [...at, key]));
}

/**
 * Replaces each expression by its value. A string that is one expression and nothing else keeps the value's type;
 * inside a longer string the value becomes text (JSON unless it is a string). Throws ExpressionError for a missing path.
 */
export function evaluate(value: Json, context: JsonObject): Json {
  if (typeof value === 'string') return evaluateText(value, context);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, context));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item, context)]));
}

/** The path as a person would write it. */
export function formatPath(path: Path): string {
  return path.map((segment, index) => formatSegment(segment, index === 0)).join('');
}

function evaluateText(text: string, context: JsonObject): Json {
  if (!hasExpression(text)) return text;
  const parts = parseTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && 'path' in only) return resolve(only.path, context);
  return parts.map((part) => ('text' in part ? part.text : asText(resolve(part.path, context)))).join('');
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function resolve(path: Path, context: JsonObject): Json {
  let value: Json = context;
  for (const [index, segment] of path.entries()) {
    const key = 'key' in segment ? segment.key : resolveKey(segment.path, context);
    const next = own(value, key);
    if (next === undefined) throw missing(path, index, key, value);
    value = next;
  }
  return value;
}

function resolveKey(path: Path, context: JsonObject): string | number {
  const key = resolve(path, context);
  if (typeof key === 'string' || typeof key === 'number') return key;
  throw new ExpressionError(`${formatPath(path)} is ${JSON.stringify(key)}: only text or a number can name a property`);
}

function own(value: Json, key: string | number): Json | undefined {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(String(key)) ? value[Number(key)] : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function missing(path: Path, index: number, key: string | number, holder: Json): ExpressionError {
  const before = index === 0 ? 'the context' : formatPath(path.slice(0, index));
  return new ExpressionError(
    `${formatPath(path)} does not exist: ${before} ${contentsOf(holder)}, there is no ${JSON.stringify(key)}`,
  );
}

function contentsOf(value: Json): string {
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (value === null || typeof value !== 'object') return `is ${JSON.stringify(value).slice(0, 60)}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'is empty' : `has ${keys.slice(0, 20).join(', ')}${keys.length > 20 ? ' …' : ''}`;
}

function pathsIn(path: Path): Path[] {
  return [path, ...path.flatMap((segment) => ('path' in segment ? pathsIn(segment.path) : []))];
}

function formatSegment(segment: Segment, first: boolean): string {
  if ('path' in segment) return `[${formatPath(segment.path)}]`;
  if (typeof segment.key === 'number') return `[${segment.key}]`;
  if (NAME_ONLY.test(segment.key)) return first ? segment.key : `.${segment.key}`;
  return segment.key.includes("'") ? `["${segment.key}"]` : `['${segment.key}']`;
}

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
const NAME_ONLY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const INDEX = /\d{1,9}/y;
const QUOTED = /'([^']*)'|"([^"]*)"/y;

/** Deep enough for any real path, shallow enough for the stack. */
const MAX_DEPTH = 20;

function readPath(text: string, start: number, depth = 0): { path: Path; end: number } {
  if (depth > MAX_DEPTH) throw malformed(text, start, `brackets nested deeper than ${MAX_DEPTH}`);
  let at = skipSpace(text, start);
  const root = match(NAME, text, at);
  if (root === undefined) throw malformed(text, at, 'expected a name');
  const path: Path = [{ key: root[0] }];
  at += root[0].length;
  for (;;) {
    const next = skipSpace(text, at);
    if (text[next] === '.') {
      const name = match(NAME, text, next + 1);
      if (name === undefined) throw malformed(text, next + 1, 'expected a name after the dot');
      path.push({ key: name[0] });
      at = next + 1 + name[0].length;
    } else if (text[next] === '[') {
      const bracket = readBracket(text, next + 1, depth);
      path.push(bracket.segment);
      at = bracket.end;
    } else {
      return { path, end: next };
    }
  }
}

function readBracket(text: string, start: number, depth: number): { segment: Segment; end: number } {
  const at = skipSpace(text, start);
  const quoted = match(QUOTED, text, at);
  const index = match(INDEX, text, at);
  let segment: Segment;
  let end: number;
  if (quoted !== undefined) [segment, end] = [{ key: quoted[1] ?? quoted[2] ?? '' }, at + quoted[0].length];
  else if (index !== undefined) [segment, end] = [{ key: Number(index[0]) }, at + index[0].length];
  else {
    const inner = readPath(text, at, depth + 1);
    [segment, end] = [{ path: inner.path }, inner.end];
  }
  const close = skipSpace(text, end);
  if (text[close] !== ']') throw malformed(text, close, "expected ']'");
  return { segment, end: close + 1 };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function skipSpace(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n') at += 1;
  return at;
}

function malformed(text: string, at: number, what: string): ExpressionError {
  const found = at >= text.length ? 'the text ends' : `found ${JSON.stringify(text[at])}`;
  return new ExpressionError(`${what} at character ${at + 1} of ${JSON.stringify(text)}, but ${found}`);
}
