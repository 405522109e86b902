import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whom the server runs as when Lifeboat itself is root, which PostgreSQL refuses. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * The owner of existing data, else the user `postgres`, else `nobody`; undefined when Lifeboat is not root,
 * since then the server runs as Lifeboat does.
 */
export function chooseServerUser(dataDirectory: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return ownerOf(dataDirectory) ?? lookUp('postgres') ?? lookUp('nobody') ?? { name: '65534', uid: 65534, gid: 65534 };
}

/** The nearest folder on the way to `path` that the user may not pass; undefined when the way is free. */
export function blockedAt(path: string, user: ServerUser | undefined): string | undefined {
  if (!user) return undefined;
  let blocked: string | undefined;
  for (let folder = path; ; folder = dirname(folder)) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory() && !mayPass(stats, user)) blocked = folder;
    if (folder === dirname(folder)) return blocked;
  }
}

function mayPass(folder: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (folder.uid === user.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === user.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}

function ownerOf(folder: string): ServerUser | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats || stats.uid === 0) return undefined;
  return { name: String(stats.uid), uid: stats.uid, gid: stats.gid };
}

function lookUp(name: string): ServerUser | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
