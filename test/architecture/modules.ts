import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** One import, re-export or `import()` of a module. */
export interface Import {
  /** A project path such as `src/runtime/errors.ts`, or a package or built-in name. */
  target: string;
  ours: boolean;
  typeOnly: boolean;
  names: string[];
}

export interface Module {
  path: string;
  lines: number;
  tree: ts.SourceFile;
  imports: Import[];
}

export const FOLDERS = [
  ...['src', 'commands', 'jobs', 'templates'],
  ...['packages/embedded-postgres/src', 'packages/stand-ins/src', 'packages/sandbox/src'],
];

/** Reads every module of the program below `root`; tests, benchmarks and documents are not part of it. */
export function readModules(root: string): Module[] {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  return paths
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => parse(path, readFileSync(join(root, path), 'utf8')));
}

const parsed = new Map<string, Module>();

/** Parsing is what takes time, and a seeded copy differs from the original in one file. */
function parse(path: string, text: string): Module {
  const known = parsed.get(`${path}\n${text}`);
  if (known) return known;
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const module = { path, lines: text.trimEnd().split('\n').length, tree, imports: importsOf(path, tree) };
  parsed.set(`${path}\n${text}`, module);
  return module;
}

/** Every node of a module, from the outside in. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

function importsOf(path: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, names: string[] = []): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const [, room, file] = /^@lifeboat\/([^/]+)\/(.+)$/.exec(specifier.text) ?? [];
    const ours = room !== undefined || specifier.text.startsWith('.');
    const own = (): string =>
      room === undefined ? normalize(join(dirname(path), specifier.text)) : `packages/${room}/src/${file ?? ''}.ts`;
    const target = ours ? own() : packageOf(specifier.text);
    found.push({ target, ours, typeOnly, names });
  };
  for (const node of nodesOf(tree)) {
    if (ts.isImportDeclaration(node)) {
      const names = namesOf(node.importClause?.namedBindings);
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      add(node.moduleSpecifier, typeOnly, names);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && isLoad(node.expression)) {
      add(node.arguments[0], false);
    }
  }
  return found;
}

const namesOf = (bindings: ts.NamedImportBindings | undefined): string[] =>
  bindings && ts.isNamedImports(bindings) ? bindings.elements.map((each) => (each.propertyName ?? each.name).text) : [];

const isLoad = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');

/** `@slack/bolt` of `@slack/bolt/dist/App.js`; built-in modules keep their whole name. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
