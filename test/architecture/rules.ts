import { basename } from 'node:path';
import ts from 'typescript';
import { nodesOf, type Import, type Module } from './modules.ts';
import { PACKAGES, PURE, ROOMS, roomOf, TYPES } from './table.ts';

/** What breaks a rule, as `file: what`; each rule takes all modules and lists every breach. */
export type Rule = (modules: readonly Module[]) => string[];

const each = (check: (module: Module, found: Import) => string | false | null): Rule => {
  return (modules) =>
    modules.flatMap((module) =>
      module.imports.flatMap((found) => {
        const breach = check(module, found);
        return breach === false || breach === null ? [] : [`${module.path}: ${breach}`];
      }),
    );
};

const within = (path: string, places: readonly string[]): boolean => places.some((place) => path.startsWith(place));

/** A room imports itself and what the table allows it. */
const rooms = each(({ path }, { target, ours, typeOnly }) => {
  const [from, to] = [roomOf(path), roomOf(target)];
  if (!ours || from === to) return null;
  const allowed = ROOMS[from];
  if (!allowed) return `${from} is no room of the table`;
  const named = typeOnly && TYPES[from]?.includes(to);
  return !named && !allowed.includes(to) && `${from} may not import ${to} (${target})`;
});

/** The domain knows the language, its own files, and packages that only compute; schemas are zod's. */
const pureImports = each(({ path }, { target, ours }) => {
  if (roomOf(path) !== 'domain' || ours || PURE.includes(target)) return null;
  const schemas = within(path, ['src/domain/schema/', 'src/domain/actions/', 'src/domain/effect/']);
  return !(schemas && target === 'zod') && `imports ${target}`;
});

/** An SDK is known where the list says, and nowhere else. */
const packages = each(({ path }, { target, ours, typeOnly }) => {
  if (ours || target.startsWith('node:')) return null;
  const known = PACKAGES[target];
  if (!known) return `${target} stands in no row of the list of packages`;
  const allowed = within(path, known.load) || (typeOnly && within(path, known.type ?? []));
  return !allowed && `may not ${typeOnly ? 'name types of' : 'load'} ${target}`;
});

/** What jobs/index.ts imports is a job, and only the index knows it; the other files there are what jobs share. */
const jobsApart: Rule = (modules) => {
  const index = modules.find(({ path }) => path === 'jobs/index.ts');
  const jobs = new Set(index?.imports.map(({ target }) => target).filter((target) => target.startsWith('jobs/')));
  return each(({ path }, { target }) => path !== 'jobs/index.ts' && jobs.has(target) && `imports the job ${target}`)(
    modules,
  );
};

/** What begins a transaction or writes a decision, by the file that exports it. */
const WRITING: Readonly<Record<string, RegExp>> = {
  'src/postgres/db.ts': /^transact/,
  'src/store/persist.ts': /^persist/,
};

/** Only verbs change state: a transaction, and the statements that hand out, settle or cancel effects, are theirs. */
const writers = each(({ path }, { target, names, typeOnly }) => {
  if (typeOnly || ['store', 'verbs', 'postgres'].includes(roomOf(path))) return null;
  const writing = WRITING[target];
  if (writing && (names.length === 0 || names.some((name) => writing.test(name))))
    return `writes by itself (${target})`;
  return target === 'src/outbox/sql/effects.ts' && roomOf(path) !== 'outbox' && `handles effects (${target})`;
});

const cycles: Rule = (modules) => {
  const imports = new Map(
    modules.map(({ path, imports }) => [path, imports.filter(({ ours }) => ours).map(({ target }) => target)]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of imports.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return found;
};

/** Every node in some modules for which `breach` finds something to say. */
function inCode(which: (path: string) => boolean, breach: (node: ts.Node) => string | null): Rule {
  return (modules) =>
    modules
      .filter(({ path }) => which(path))
      .flatMap(({ path, tree }) =>
        [...nodesOf(tree)].flatMap((node) => {
          const what = breach(node);
          const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
          return what === null ? [] : [`${path}:${line}: ${what}`];
        }),
      );
}

const IMPURE = new Set(['process', 'performance', 'globalThis', 'fetch', 'console', 'crypto']);
const TIMERS = /^(set|clear)(Timeout|Interval|Immediate)$|^queueMicrotask$/;
const RANDOM = /^random(UUID|Bytes|Int|FillSync|Fill)?$/;

/** No waiting, clock, randomness or process in the domain. */
const pureCode = inCode(
  (path) => roomOf(path) === 'domain',
  (node) => {
    if (ts.isAwaitExpression(node)) return 'await';
    if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
      return 'new Date() reads the clock';
    }
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Date.now') return 'Date.now reads the clock';
    if (!ts.isIdentifier(node)) return null;
    if (RANDOM.test(node.text)) return node.text;
    const member = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    const named = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
    return !member && !named && (IMPURE.has(node.text) || TIMERS.test(node.text)) ? node.text : null;
  },
);

/** One place reads the environment, so that one place can validate and document it. */
const environment = inCode(
  (path) => path !== 'src/runtime/config.ts',
  (node) => {
    const name = ts.isPropertyAccessExpression(node) ? node.name : ts.isBindingElement(node) ? node.name : null;
    if (name?.getText() !== 'env') return null;
    const from = ts.isPropertyAccessExpression(node) ? node.expression.getText() : sourceOf(node);
    return from.endsWith('process') ? 'reads process.env' : null;
  },
);

const sourceOf = (node: ts.Node): string => {
  const declaration = node.parent.parent;
  return ts.isVariableDeclaration(declaration) ? (declaration.initializer?.getText() ?? '') : '';
};

const SQL =
  /^\s*(select\s+(\S+$|.+\sfrom\s)|insert into |update \w+ set |delete from |with \w+ as |(create|drop|alter) (table|index|role|database) |listen \w+$|notify \w+$|truncate )/is;

/** Statements stand in src/store; the queue listens, and the embedded server makes its database. */
const sql = inCode(
  (path) => !within(path, ['src/postgres/', 'src/store/', 'src/outbox/', 'packages/embedded-postgres/']),
  (node) => {
    const text = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ? node.text : null;
    return text !== null && SQL.test(text) ? `SQL: ${text.trim().slice(0, 30)}` : null;
  },
);

/** The list of a role's people says who is invited or rung up, and nothing of who may act or is paged. */
const LISTING = [
  'src/domain/estate/holders.ts',
  'src/domain/approval/approvers.ts',
  'src/domain/incident/decisions.ts', // who is invited when the channel opens
  'templates/people.ts', // the contact matrix
  'templates/ladder-words.ts', // whom to ring up when nobody answers
  'templates/params-context.ts', // whom to ring up when a page does not go out
];
const HOLDERS = 'src/domain/estate/holders.ts';

const listImports = each(
  ({ path }, { target, names }) =>
    target === HOLDERS && names.includes('listedFor') && !LISTING.includes(path) && 'judges by the bare list of a role',
);

const listCode = inCode(
  (path) => path !== HOLDERS && !within(path, ['src/estate/', 'packages/']),
  (node) => {
    if (ts.isAsExpression(node) && node.type.getText() === 'RoleHolders') return 'makes holders of anything';
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'people') return null;
    return /\broles(\?\.)?\[[^\]]+\]$/.test(node.expression.getText()) ? 'judges by the bare list of a role' : null;
  },
);

/** Who holds a role is judged in one place. */
const holders: Rule = (modules) => [...listImports(modules), ...listCode(modules)];

const size: Rule = (modules) =>
  modules.flatMap(({ path, lines }) => (lines > 300 ? [`${path}: ${lines} lines, at most 300`] : []));

const names: Rule = (modules) =>
  modules.flatMap(({ path }) =>
    /^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(basename(path)) ? [] : [`${path}: not kebab-case`],
  );

export const RULES = {
  rooms,
  'pure imports': pureImports,
  packages,
  'jobs apart': jobsApart,
  writers,
  cycles,
  'pure code': pureCode,
  environment,
  sql,
  holders,
  size,
  names,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;
