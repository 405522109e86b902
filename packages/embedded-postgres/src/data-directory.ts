import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, messageOf } from './embedded-postgres-error.ts';
import type { Base } from './locate-base.ts';
import { runCommand } from './run-command.ts';

/** The superuser and the database that Lifeboat works in. */
export const ROLE = 'lifeboat';

/** The major version that wrote the data, undefined when there is no data yet. @throws EmbeddedPostgresError on foreign files */
export function dataMajorVersion(base: Base): string | undefined {
  try {
    if (!existsSync(base.data) || readdirSync(base.data).length === 0) return undefined;
    return readFileSync(join(base.data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const foreign = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new EmbeddedPostgresError(
      foreign
        ? `${base.data} holds files but is not a PostgreSQL data folder: PG_VERSION is missing.`
        : `${base.data} cannot be read: ${messageOf(error)}.`,
      foreign
        ? 'Move the folder away to start with an empty database, or put the missing files back from a backup.'
        : 'Start Lifeboat as the user it ran as before, or give the folder to the present user with chown -R.',
      { cause: error },
    );
  }
}

/** Creates the cluster beside its place and moves it there whole, so that a kill half way leaves no half of it. */
export async function initialise(base: Base, initdb: string): Promise<void> {
  const draft = `${base.data}.new`;
  const passwordFile = join(base.path, 'password.new');
  const password = randomBytes(24).toString('base64url');
  rmSync(draft, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (base.user) for (const path of [draft, passwordFile]) chownSync(path, base.user.uid, base.user.gid);
  const { ok, output } = await runCommand(
    initdb,
    ['-D', draft, '-U', ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale'],
    { as: base.user },
  );
  if (!ok) {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    throw new EmbeddedPostgresError(`initdb could not create ${base.data}: ${lastLines(output)}`, fixFor(output));
  }
  if (base.user) chownSync(passwordFile, 0, 0);
  renameSync(passwordFile, join(base.path, 'password'));
  rmSync(base.data, { recursive: true, force: true });
  renameSync(draft, base.data);
}

// Containers are often given a user id that no account has; PostgreSQL insists on a name for it.
function fixFor(output: string): string {
  return output.includes('could not look up')
    ? 'Run as a user that /etc/passwd lists (in a container, drop --user or add a line for it), or set DATABASE_URL.'
    : 'Mend what it names, or set DATABASE_URL to use another PostgreSQL.';
}

/** The password that only Lifeboat's own user can read. */
export function readPassword(base: Base): string {
  const file = join(base.path, 'password');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The password of the database in ${base.data} is not readable: ${messageOf(error)}.`,
      `Put ${file} back, or move ${base.data} away to start with an empty database.`,
      { cause: error },
    );
  }
}

export function lastLines(text: string, count = 5): string {
  return text.trim().split('\n').slice(-count).join(' | ');
}
