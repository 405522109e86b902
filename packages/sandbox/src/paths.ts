import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: the nearest one above with a package.json, from the sources and from dist/ alike. */
const PACKAGE = findPackage(dirname(fileURLToPath(import.meta.url)));
const SOURCES = join(PACKAGE, '../..');

/** The page's files, as build.mjs makes them. */
export const PAGE = join(PACKAGE, 'dist/page');
/** Lifeboat itself: the program that a real installation runs. */
export const LIFEBOAT = join(SOURCES, 'dist/src/cli.js');
/** Controls the example's services. */
export const EXAMPLE_CONTROL = join(SOURCES, 'examples/erlmcp/ctl.mjs');

function findPackage(dir: string): string {
  return existsSync(join(dir, 'package.json')) ? dir : findPackage(dirname(dir));
}
