import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { Base } from './locate-base.ts';

/** The server's log starts a new file above this size, bytes; the one before is kept. */
const LOG_LIMIT = 10_000_000;

/** Durable, quiet, small: 64 MB of shared buffers serve thousands of jobs a second; no access but loopback. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  fsync: 'on',
  synchronous_commit: 'on',
  password_encryption: 'scram-sha-256',
  log_line_prefix: '%m [%p] ',
  lc_messages: 'C',
};

export interface Launch {
  child: ChildProcess;
  /** What the server wrote to its log since this start. */
  said: () => string;
}

/** Starts the postmaster in a session of its own, so that neither Ctrl-C nor our death reaches it. */
export function launch(base: Base, binaries: Binaries, port: number, extra: Readonly<Record<string, string>>): Launch {
  const logFile = join(base.path, 'server.log');
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  const before = statSync(logFile).size;
  const settings = Object.entries({ ...SETTINGS, ...extra, port: String(port) });
  const child = spawn(
    binaries.postgres,
    ['-D', base.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...(base.user ? { uid: base.user.uid, gid: base.user.gid } : {}),
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  child.unref();
  return { child, said: () => readFileSync(logFile).subarray(before).toString('utf8') };
}

/** The port used last time if it is still free, else any free one. */
export async function choosePort(base: Base): Promise<number> {
  const file = join(base.path, 'port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return (last > 0 ? await tryPort(last) : undefined) ?? (await tryPort(0)) ?? 0;
}

export function rememberPort(base: Base, port: number): void {
  writeFileSync(join(base.path, 'port'), String(port));
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const chosen = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(chosen));
    });
  });
}
