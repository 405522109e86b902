// Makes dist/: the program as one file beside its source map, and the sandbox's page. `npm run check` checks the types.
import { build } from 'esbuild';
import { cp, rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
await Promise.all([
  build({
    entryPoints: ['src/cli.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    outbase: '.',
    outdir: 'dist',
    logLevel: 'warning',
  }),
  build({
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
  }),
  build({
    entryPoints: { page: 'src/sandbox/client/style/page.css' },
    bundle: true,
    minify: true,
    outdir: 'dist/sandbox',
    logLevel: 'warning',
  }),
  cp('src/sandbox/client/index.html', 'dist/sandbox/index.html'),
]);
