import type { Expr } from '@actions/expressions';
import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Star,
  Unary,
} from '@actions/expressions/ast';
import { TokenType, type Token } from '@actions/expressions/lexer';
import { LifeboatError } from '../../runtime/errors.ts';
import type { Estate, Service } from '../estate/model.ts';
import type { Json, JsonObject } from '../json.ts';
import { evaluate, ExpressionError, formatExpression, parseTemplate } from './expression.ts';
import { toData } from './expression-values.ts';
import { pathsIn } from './references.ts';

/** What expressions may read: the parts that are known when a plan is frozen. */
export function planContext(estate: Estate, inputs: JsonObject): JsonObject {
  const services = Object.fromEntries(Object.entries(estate.services).map(([name, each]) => [name, facts(name, each)]));
  return { inputs, sites: estate.sites, services, estate: { name: estate.name } };
}

function facts(name: string, { owner, tier, site }: Service): JsonObject {
  return { name, owner, tier, site: site ?? null };
}

/**
 * Replaces what is known now, so that the plan that people approve shows real hosts and arguments. What only a run
 * knows (`steps`, `incident`) stays an expression; `rename` gives a step its id in a plan of several services. Throws a
 * LifeboatError for a path that leads nowhere, and for data that would become an expression of its own.
 */
export function resolveExpressions(value: Json, context: JsonObject, rename: (step: string) => string): Json {
  if (typeof value === 'string') return resolveText(value, context, rename);
  if (Array.isArray(value)) return value.map((item) => resolveExpressions(item, context, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveExpressions(item, context, rename)]),
  );
}

function resolveText(text: string, context: JsonObject, rename: (step: string) => string): Json {
  const parts = parseTemplate(text);
  const later = parts.filter((part) => 'expr' in part && !isKnown(part.expr, context));
  const resolved =
    later.length === 0
      ? read(text, context)
      : parts
          .map((part) => {
            if ('text' in part) return part.text;
            if (!later.includes(part)) return asText(read(part.source, context));
            return `\${{ ${formatExpression(bind(part.expr, context, rename))} }}`;
          })
          .join('');
  if (expressionsIn(resolved) === later.length) return resolved;
  throw new LifeboatError(
    'invalid',
    `\`${text}\` would become \`${asText(resolved)}\`, which is an expression again`,
    'inputs, sites and services are data: take the `{{` out of the value',
  );
}

function read(text: string, context: JsonObject): Json {
  try {
    return evaluate(text, context);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new LifeboatError('invalid', error.message, 'check the inputs, or correct the runbook', { cause: error });
  }
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function expressionsIn(value: Json): number {
  if (typeof value === 'string') return value.split('${{').length - 1;
  if (value === null || typeof value !== 'object') return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + expressionsIn(item), 0);
}

/** Whether everything that the expression reads is there. */
const isKnown = (expr: Expr, context: JsonObject): boolean =>
  pathsIn(expr).every(([root]) => root && 'key' in root && Object.hasOwn(context, root.key));

/** An expression for later, with its steps renamed and what is known put in: a run of several services has no inputs. */
function bind(expr: Expr, context: JsonObject, rename: (step: string) => string): Expr {
  const bound = (each: Expr): Expr => bind(each, context, rename);
  if (expr instanceof Unary) return new Unary(expr.operator, bound(expr.expr));
  if (expr instanceof Grouping) return new Grouping(bound(expr.group));
  if (expr instanceof Binary) return new Binary(bound(expr.left), expr.operator, bound(expr.right));
  if (expr instanceof FunctionCall) return new FunctionCall(expr.functionName, expr.args.map(bound));
  if (expr instanceof Logical) return new Logical(expr.operator, expr.args.map(bound));
  if (!(expr instanceof ContextAccess || expr instanceof IndexAccess)) return expr;
  if (isKnown(expr, context)) return known(expr, read(`\${{ ${formatExpression(expr)} }}`, context));
  if (expr instanceof ContextAccess) return expr;
  const { expr: holder, index } = expr;
  if (holder instanceof ContextAccess && holder.name.lexeme === 'steps' && index instanceof Literal)
    return new IndexAccess(holder, literal(rename(index.literal.coerceString())));
  const held = bound(holder);
  return new IndexAccess(held instanceof Literal ? holder : held, index instanceof Star ? index : bound(index));
}

/** A value in place of what read it; what is large and stays the same everywhere is read again when the step runs. */
function known(expr: Expr, value: Json): Expr {
  if (value === null || typeof value !== 'object') return literal(value);
  if (!pathsIn(expr).some(([root]) => root && 'key' in root && root.key === 'inputs')) return expr;
  return new FunctionCall(token('fromJSON'), [literal(JSON.stringify(value))]);
}

const literal = (value: string | number | boolean | null): Literal => new Literal(toData(value), token(''));

const NOWHERE = { line: 0, column: 0 };
const token = (lexeme: string): Token => ({ type: TokenType.EOF, lexeme, range: { start: NOWHERE, end: NOWHERE } });
