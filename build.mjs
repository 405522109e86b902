// Makes dist/: the program with its packages in a few files. Where packages/sandbox is there, its dist/ too.
// `npm run check` checks the types.
import { build } from 'esbuild';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = [
  ...['src', 'commands', 'jobs', 'templates', 'package.json', 'package-lock.json', 'build.mjs'],
  ...['packages/embedded-postgres/src', 'packages/stand-ins/src', 'packages/sandbox/src'].filter((path) =>
    existsSync(path),
  ),
];
const STAMP = 'dist/.built';
const SANDBOX = 'packages/sandbox/dist';
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
// The sandbox's program stands on the one that a real installation has, and holds no copy of it.
const commandLineOutside = {
  name: 'command-line-outside',
  setup({ onResolve }) {
    onResolve({ filter: /\/src\/command-line\.ts$/ }, () => ({
      path: '../../../dist/src/command-line.js',
      external: true,
    }));
  },
};
const NODE = {
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
  logLevel: 'warning',
};

const newest = String(Math.max(...SOURCES.map(youngest)));
if (stamp() !== newest) {
  await Promise.all(['dist', SANDBOX].map((folder) => rm(folder, { recursive: true, force: true })));
  await Promise.all([program(), ...(existsSync('packages/sandbox/src') ? sandbox() : [])]);
  // Written last: a build that was stopped half way is done again.
  await writeFile(STAMP, newest);
}

// The packages too: reading some 1500 files of theirs would take most of the time of a start.
function program() {
  return build({
    ...NODE,
    entryPoints: ['src/cli.ts', 'src/command-line.ts'],
    plugins: [withoutMaps],
    outbase: '.',
    outdir: 'dist',
    chunkNames: 'src/[name]-[hash]',
  });
}

function sandbox() {
  const source = 'packages/sandbox/src';
  return [
    build({
      ...NODE,
      entryPoints: [`${source}/cli.ts`],
      plugins: [withoutMaps, commandLineOutside],
      outdir: SANDBOX,
    }),
    page(`${source}/client`),
    style(`${source}/client`),
    cp(`${source}/client/index.html`, `${SANDBOX}/page/index.html`),
  ];
}

function page(client) {
  return build({
    entryPoints: { page: `${client}/main.tsx` },
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    sourcemap: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: `${SANDBOX}/page`,
    logLevel: 'warning',
  });
}

function style(client) {
  return build({
    entryPoints: { page: `${client}/style/page.css` },
    bundle: true,
    minify: true,
    outdir: `${SANDBOX}/page`,
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
