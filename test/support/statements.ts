import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { nodesOf } from '../architecture/modules.ts';
import { ROOT } from '../../src/runtime/paths.ts';

export interface Statement {
  name: string;
  text: string;
}

const FOLDERS = ['src/store', 'src/outbox/sql'];

/**
 * Every statement that the program gives to `rows(db, name, text, …)`, as the modules themselves compute its text: each
 * is loaded with a list of them added, so a text that depends on a parameter does not load.
 */
export async function namedStatements(): Promise<Statement[]> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => resolve(ROOT, folder, file)),
  );
  // Below the root: what is bundled looks for packages, and for its root, from where it stands.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.statements-'));
  const outfile = join(folder, 'statements.mjs');
  try {
    const entry = files.map((file, index) => `import { STATEMENTS as s${index} } from ${JSON.stringify(file)};`);
    const all = `export default [${files.map((_, index) => `...s${index}`).join(', ')}];`;
    await build({
      stdin: { contents: [...entry, all].join('\n'), resolveDir: ROOT },
      ...{ bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile },
      plugins: [withStatements(files)],
    });
    const found = (await import(pathToFileURL(outfile).href)) as { default: Statement[] };
    return found.default;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const withStatements = (files: readonly string[]): Plugin => ({
  name: 'statements',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!files.includes(path)) return undefined;
      const text = readFileSync(path, 'utf8');
      return { contents: `${text}\nexport const STATEMENTS = [${callsIn(path, text).join(', ')}];`, loader: 'ts' };
    });
  },
});

/** Each call of `rows` as source text of `{ name, text }`. */
function callsIn(path: string, text: string): string[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  for (const node of nodesOf(tree)) {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'rows') continue;
    const [, name, statement] = node.arguments;
    if (name && statement) found.push(`{ name: ${name.getText()}, text: ${statement.getText()} }`);
  }
  return found;
}
