import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EmbeddedPostgresError, messageOf } from './embedded-postgres-error.ts';
import type { PostgresLog } from './postgres-log.ts';
import { blockedAt, chooseServerUser } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

/** Where root's PostgreSQL lives when nobody but root can reach Lifeboat's home. */
const FALLBACK_ROOT = '/var/lib/lifeboat';

export interface Base {
  /** Holds data/, password, port, owner.json, server.log and, where needed, a copy of the binaries. */
  path: string;
  data: string;
  user: ServerUser | undefined;
}

/** Finds, or creates, the folder that holds everything of the embedded PostgreSQL. */
export function locateBase(home: string, log: PostgresLog): Base {
  makeFolder(join(home, 'postgres'));
  const inHome = realpathSync(join(home, 'postgres'));
  const pointer = join(inHome, 'moved-to');
  if (existsSync(pointer)) {
    const moved = readFileSync(pointer, 'utf8').trim();
    makeFolder(moved);
    return base(moved);
  }
  const found = base(inHome);
  const blocked = blockedAt(inHome, found.user);
  if (blocked === undefined || found.user === undefined) return found;
  const elsewhere = join(FALLBACK_ROOT, `postgres-${createHash('sha256').update(inHome).digest('hex').slice(0, 12)}`);
  try {
    makeFolder(elsewhere);
    writeFileSync(pointer, `${elsewhere}\n`);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and its user ${found.user.name} cannot pass ${blocked} on the way to ${inHome}; ${elsewhere} cannot be used instead: ${messageOf(error)}.`,
      `Set LIFEBOAT_HOME to a folder outside ${blocked}, run chmod o+x ${blocked}, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  log.warn(
    { blocked, user: found.user.name, data: elsewhere },
    'PostgreSQL cannot reach its folder under the home and keeps its data elsewhere; set LIFEBOAT_HOME to choose another place',
  );
  return base(elsewhere);
}

function base(path: string): Base {
  const folder = join(path, 'data');
  const data = existsSync(folder) ? realpathSync(folder) : folder;
  return { path, data, user: chooseServerUser(data) };
}

// Root's folders must be passable for the server's user whatever the umask; files in them guard themselves.
function makeFolder(wanted: string): void {
  const path = resolve(wanted);
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  for (let folder = path; folder.length >= first.length; folder = resolve(folder, '..')) chmodSync(folder, mode);
}
