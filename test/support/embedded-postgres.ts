import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import { prepareBinaries } from '@lifeboat/embedded-postgres/npm-binaries';
import { blockedAt, chooseServerUser } from '@lifeboat/embedded-postgres/server-user';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { killQuietly, spawnProgram } from './process.ts';
import type { SpawnedProgram } from './process.ts';
import { waitFor } from './wait-for.ts';

const CHILD = fileURLToPath(new URL('embedded-postgres-child.ts', import.meta.url));
const PATH = await pathWithServer();
const NOBODY = { name: 'nobody', uid: 65534, gid: 65534 };

export interface Identity {
  name: string;
  user?: { uid: number; gid: number };
  /** Why this identity cannot be tried here. */
  obstacle?: string | undefined;
}

/** Root and an ordinary user when the tests run as root, else only the user that they run as. */
export function identities(): Identity[] {
  if (process.getuid?.() !== 0) return [{ name: 'an ordinary user' }];
  const blocked = blockedAt(dirname(CHILD), NOBODY) ?? blockedAt(dirname(process.execPath), NOBODY);
  const obstacle = blocked === undefined ? undefined : `nobody cannot pass ${blocked}`;
  if (obstacle !== undefined) console.warn(`${obstacle}: the tests as an ordinary user are skipped.`);
  return [{ name: 'root' }, { name: 'an ordinary user', user: NOBODY, obstacle }];
}

// PATH with a server on it: the system's, else the binaries from npm, where any user can reach them.
async function pathWithServer(): Promise<string> {
  const path = process.env.PATH ?? '';
  if (path.split(delimiter).some((folder) => existsSync(join(folder, 'initdb')))) return path;
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-binaries-'));
  chmodSync(folder, 0o711);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'none');
  const bin = await prepareBinaries(platformPackage(), { path: folder, data, user: chooseServerUser(data) });
  return `${bin}${delimiter}${path}`;
}

/** The folder of the npm package with the binaries for this platform. */
export function platformPackage(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));
}

type AtEnd = (work: () => void | Promise<void>) => void;

/** A temporary home that goes, with every server in it, when the test is over, or at another `atEnd`. */
export function temporaryHome(identity: Identity = { name: 'self' }, atEnd: AtEnd = onTestFinished): string {
  const home = mkdtempSync(join(tmpdir(), 'lifeboat-home-'));
  if (identity.user) chownSync(home, identity.user.uid, identity.user.gid);
  else if (process.getuid?.() === 0) chmodSync(home, 0o711);
  atEnd(async () => {
    const pid = postmasterPid(join(home, 'postgres'));
    if (pid !== undefined) {
      killQuietly(pid);
      await waitFor('the end of the server', () => !isAlive(pid));
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 20 });
  });
  return home;
}

export function postmasterPid(base: string): number | undefined {
  const file = join(base, 'data/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

interface Ready {
  url: string;
  port: number;
  pid: number;
  adopted: boolean;
  version: string;
}

/** Starts the child program on a home; it is killed when the test is over, or at another `atEnd`. */
export function spawnOwner(
  home: string,
  binaries: string,
  identity: Identity = { name: 'self' },
  atEnd: AtEnd = onTestFinished,
): SpawnedProgram {
  const program = spawnProgram(CHILD, [home, binaries], {
    env: { PATH },
    cwd: '/',
    ...identity.user,
  });
  atEnd(() => program.killTree());
  return program;
}

export async function readyOf(program: SpawnedProgram): Promise<Ready> {
  const [, json = ''] = await program.line(/^ready: (.*)$/);
  return JSON.parse(json) as Ready;
}

export async function refusalOf(program: SpawnedProgram): Promise<string> {
  const [, words = ''] = await program.line(/^refused: (.*)$/);
  return words;
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
