import { data, type Expr } from '@actions/expressions';
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
import type { Json } from '../json.ts';
import { parseTemplate } from './expression-syntax.ts';

/** One link of a path: a fixed name or index, a path whose value is the name, or something that only a run can tell. */
type Segment = { key: string | number } | { path: Path } | { any: true };
/** The first link is always a fixed name. */
export type Path = Segment[];

/** Where in a value a path is read; `at` leads to the string that holds it. A path in brackets is a reference too. */
interface Ref {
  path: Path;
  at: (string | number)[];
}

/** Every path that evaluating `value` would read, found without evaluating it. */
export function references(value: Json, at: (string | number)[] = []): Ref[] {
  if (typeof value === 'string') {
    if (!value.includes('${{')) return [];
    return parseTemplate(value).flatMap((part) =>
      'expr' in part ? pathsIn(part.expr).map((path) => ({ path, at })) : [],
    );
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => references(item, [...at, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => references(item, [...at, key]));
}

/** Every path that an expression reads, the outer one before those in its brackets. */
export function pathsIn(expr: Expr): Path[] {
  if (expr instanceof ContextAccess || expr instanceof IndexAccess) return chain(expr);
  if (expr instanceof Unary) return pathsIn(expr.expr);
  if (expr instanceof Grouping) return pathsIn(expr.group);
  if (expr instanceof Binary) return [...pathsIn(expr.left), ...pathsIn(expr.right)];
  return expr instanceof Logical || expr instanceof FunctionCall ? expr.args.flatMap(pathsIn) : [];
}

function chain(expr: ContextAccess | IndexAccess): Path[] {
  const segments: Segment[] = [];
  const inner: Path[] = [];
  let holder: Expr = expr;
  while (holder instanceof IndexAccess) {
    segments.unshift(segmentOf(holder.index));
    if (!(holder.index instanceof Star)) inner.unshift(...pathsIn(holder.index));
    holder = holder.expr;
  }
  return holder instanceof ContextAccess
    ? [[{ key: holder.name.lexeme }, ...segments], ...inner]
    : [...pathsIn(holder), ...inner];
}

function segmentOf(index: Expr): Segment {
  if (index instanceof Star) return { any: true };
  if (index instanceof Literal) {
    const { literal } = index;
    if (literal.kind === data.Kind.String || literal.kind === data.Kind.Number) return { key: literal.value };
    return { any: true };
  }
  const [path] = index instanceof ContextAccess || index instanceof IndexAccess ? pathsIn(index) : [];
  return path ? { path } : { any: true };
}

/** The path as a person would write it. */
export function formatPath(path: Path): string {
  return path
    .map((segment, index) => {
      if ('any' in segment) return '[…]';
      if ('path' in segment) return `[${formatPath(segment.path)}]`;
      if (typeof segment.key === 'number') return `[${segment.key}]`;
      if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(segment.key)) return index === 0 ? segment.key : `.${segment.key}`;
      return `['${segment.key.replaceAll("'", "''")}']`;
    })
    .join('');
}
