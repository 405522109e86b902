import { data, Evaluator, type Expr } from '@actions/expressions';
import { ContextAccess, IndexAccess, Star, type IndexAccess as Access } from '@actions/expressions/ast';
import { FilteredArray } from '@actions/expressions/filtered_array';
import { TokenType, type Token } from '@actions/expressions/lexer';
import type { Json, JsonObject } from '../json.ts';
import { FUNCTIONS } from './expression-functions.ts';
import { ExpressionError, formatExpression, parseTemplate, type Expression } from './expression-syntax.ts';
import { JsonDictionary, toData, toJson } from './expression-values.ts';

export { EXPRESSION_RULE, ExpressionError, formatExpression, parseTemplate } from './expression-syntax.ts';

/*
 * `${{ … }}` is GitHub's language, parsed and evaluated by GitHub's own library. Stricter than there: what does not exist
 * is an error, names keep their case, and only a value's own properties are seen.
 */

export function hasExpression(text: string): boolean {
  return text.includes('${{');
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

function evaluateText(text: string, context: JsonObject): Json {
  if (!hasExpression(text)) return text;
  const parts = parseTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && 'expr' in only) return valueOf(only, context);
  return parts.map((part) => ('text' in part ? part.text : asText(valueOf(part, context)))).join('');
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The value of one expression. */
export function valueOf({ expr, source, characterOf }: Expression, context: JsonObject): Json {
  try {
    return toJson(new StrictEvaluator(expr, context).evaluate());
  } catch (error) {
    const { missing, words } = causeOf(error);
    const where = missing ? ` (character ${characterOf(missing.root)} of ${JSON.stringify(source)})` : ` in ${source}`;
    throw new ExpressionError(`${words}${where}`, { cause: error });
  }
}

/** The library wraps what went wrong inside brackets. */
function causeOf(error: unknown): { missing: Missing | null; words: string } {
  if (error instanceof Missing) return { missing: error, words: error.message };
  if (error instanceof Error && error.cause !== undefined && error.message.startsWith('could not evaluate index'))
    return causeOf(error.cause);
  return { missing: null, words: error instanceof Error ? error.message : String(error) };
}

class Missing extends Error {
  readonly root: Token;
  constructor(expr: Expr, words: string) {
    super(`${formatExpression(expr)} ${words}`);
    this.root = rootOf(expr);
  }
}

class StrictEvaluator extends Evaluator {
  readonly #context: JsonObject;

  constructor(expr: Expr, context: JsonObject) {
    super(expr, new JsonDictionary(context), new Map(FUNCTIONS));
    this.#context = context;
  }

  override visitContextAccess(access: ContextAccess): data.ExpressionData {
    const name = access.name.lexeme;
    if (Object.hasOwn(this.#context, name)) return toData(this.#context[name] ?? null);
    throw new Missing(access, absence('the context', this.#context, name));
  }

  override visitIndexAccess(access: Access): data.ExpressionData {
    const holder = this.eval(access.expr);
    const many = access.index instanceof Star;
    if (holder instanceof FilteredArray || (many && !holder.primitive)) return super.visitIndexAccess(access);
    const key = many ? '*' : this.#keyOf(access.index);
    const found = holder.kind === data.Kind.Dictionary ? holder.get(String(key)) : itemOf(holder, key);
    if (found !== undefined) return found;
    throw new Missing(access, absence(formatExpression(access.expr), toJson(holder), key));
  }

  #keyOf(index: Expr): string | number {
    const key = toJson(this.eval(index));
    if (typeof key === 'string' || typeof key === 'number') return key;
    throw new Missing(index, `is ${JSON.stringify(key)}: only text or a number can name a property`);
  }
}

function itemOf(holder: data.ExpressionData, key: string | number): data.ExpressionData | undefined {
  if (holder.kind !== data.Kind.Array || !/^(0|[1-9]\d*)$/.test(String(key))) return undefined;
  return Number(key) < holder.values().length ? holder.get(Number(key)) : undefined;
}

function absence(holder: string, value: Json, key: string | number): string {
  return `does not exist: ${holder} ${contentsOf(value)}, there is no ${JSON.stringify(key)}`;
}

function contentsOf(value: Json): string {
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (value === null || typeof value !== 'object') return `is ${JSON.stringify(value).slice(0, 60)}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'is empty' : `has ${keys.slice(0, 20).join(', ')}${keys.length > 20 ? ' …' : ''}`;
}

function rootOf(expr: Expr): Token {
  if (expr instanceof ContextAccess) return expr.name;
  if (expr instanceof IndexAccess) return rootOf(expr.expr);
  return NOWHERE;
}
const NOWHERE: Token = {
  type: TokenType.EOF,
  lexeme: '',
  range: { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } },
};
