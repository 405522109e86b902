import { data, Lexer, Parser, ExpressionError as SyntaxFault, type Expr } from '@actions/expressions';
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
import { wellKnownFunctions } from '@actions/expressions/funcs';
import { TokenType, type Token } from '@actions/expressions/lexer';
import { FUNCTIONS } from './expression-functions.ts';

/** What is wrong with an expression or with what it reads. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

export const EXPRESSION_RULE =
  "an expression is written as GitHub's: ${{ inputs.site }}, ${{ sites[inputs.site].url }}, ${{ steps.check.output.lag < 5 }}";

/** An expression of a text; `source` is all of it, with its `${{` and `}}`. */
export interface Expression {
  source: string;
  expr: Expr;
  /** The character of the text, counted from 1, at which a token stands. */
  characterOf: (token: Token) => number;
}
export type TemplatePart = { text: string } | Expression;

/** Splits text into literal parts and expressions; throws ExpressionError with the position when one is malformed. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (let open = text.indexOf('${{'); open >= 0; open = text.indexOf('${{', at)) {
    if (open > at) parts.push({ text: text.slice(at, open) });
    const end = endOf(text, open + 3);
    if (end < 0) throw malformed(text, text.length, "expected '}}'");
    const characterOf = (token: Token): number => open + 4 + offsetIn(text.slice(open + 3), token.range.start);
    parts.push({ source: text.slice(open, end + 2), expr: parse(text, open + 3, end), characterOf });
    at = end + 2;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** Where `}}` ends the expression: not inside quotes, in which two quotes stand for one. */
function endOf(text: string, start: number): number {
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith('}}', at)) return at;
  }
  return -1;
}

function parse(text: string, start: number, end: number): Expr {
  const inner = text.slice(start, end);
  try {
    const tokens = new Lexer(inner).lex().tokens.map(unquoted);
    // Which names exist is checked by whoever knows them, with better words.
    const names = tokens.filter(({ type }) => type === TokenType.IDENTIFIER).map(({ lexeme }) => lexeme);
    // Nothing between the braces gives nothing, whatever the type says.
    const expr = new Parser(tokens, names, [...FUNCTIONS.values()]).parse() as Expr | undefined;
    if (expr === undefined) throw malformed(text, start, 'expected an expression');
    return expr;
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    if (error instanceof SyntaxFault) throw malformed(text, start + offsetIn(inner, error.pos), faultWords(error));
    const [, position = '1'] = /Located at position (\d+)/.exec(String(error)) ?? [];
    const at = start + Number(position) - 1;
    throw malformed(
      text,
      at,
      inner.includes('"') ? "unexpected symbol (text stands in 'single quotes')" : 'unexpected symbol',
    );
  }
}

/** The library undoubles only the first of several doubled quotes. */
function unquoted(token: Token): Token {
  if (token.type !== TokenType.STRING) return token;
  return { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") };
}

/** The library's own words begin with the kind of the fault and end with the symbol in quotes. */
function faultWords({ message }: SyntaxFault): string {
  const [, kind = '', name = ''] = /^([^:]*): '([\s\S]*)'$/.exec(message) ?? [];
  if (kind === 'Unrecognized function') return `there is no function ${name} (known: ${functionNames().join(', ')})`;
  if (kind.startsWith('Too few')) return `too few values for ${name}()`;
  if (kind.startsWith('Too many')) return `too many values for ${name}()`;
  if (kind.startsWith('Even number')) return `${name}() takes pairs of a condition and a value, and a last value`;
  if (kind.startsWith('Exceeded')) return 'nested too deeply';
  return name === '' || name === 'EOF' ? 'the expression ends too early' : 'unexpected symbol';
}

const functionNames = (): string[] =>
  [...Object.values(wellKnownFunctions), ...FUNCTIONS.values()]
    .map(({ name }) => name)
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort();

function offsetIn(text: string, { line, column }: { line: number; column: number }): number {
  const before = text.split('\n').slice(0, line);
  return before.reduce((sum, each) => sum + each.length + 1, column);
}

function malformed(text: string, at: number, what: string): ExpressionError {
  const found = at >= text.length ? 'the text ends' : `found ${JSON.stringify(text[at])}`;
  return new ExpressionError(`${what} at character ${at + 1} of ${JSON.stringify(text)}: ${found}`);
}

const NAME_ONLY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The expression as a person would write it, without `${{` and `}}`. */
export function formatExpression(expr: Expr): string {
  if (expr instanceof Literal) return formatLiteral(expr.literal);
  if (expr instanceof Unary) return `!${formatExpression(expr.expr)}`;
  if (expr instanceof Grouping) return `(${formatExpression(expr.group)})`;
  if (expr instanceof Binary)
    return `${formatExpression(expr.left)} ${expr.operator.lexeme} ${formatExpression(expr.right)}`;
  if (expr instanceof Logical) return expr.args.map(formatExpression).join(` ${expr.operator.lexeme} `);
  if (expr instanceof FunctionCall) return `${expr.functionName.lexeme}(${expr.args.map(formatExpression).join(', ')})`;
  if (expr instanceof ContextAccess) return expr.name.lexeme;
  if (!(expr instanceof IndexAccess)) throw new Error('the library made an expression of an unknown kind');
  const { index } = expr;
  const holder = formatExpression(expr.expr);
  if (index instanceof Star) return `${holder}.*`;
  const name = index instanceof Literal && index.literal.kind === data.Kind.String ? index.literal.coerceString() : '';
  return NAME_ONLY.test(name) ? `${holder}.${name}` : `${holder}[${formatExpression(index)}]`;
}

function formatLiteral(literal: data.ExpressionData): string {
  if (literal.kind === data.Kind.String) return `'${literal.coerceString().replaceAll("'", "''")}'`;
  if (literal.kind === data.Kind.Null) return 'null';
  return literal.kind === data.Kind.Number ? String(literal.number()) : literal.coerceString();
}
