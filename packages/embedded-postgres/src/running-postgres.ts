import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Binaries } from './binaries.ts';
import { urlOf } from './connection.ts';
import { lastLines } from './data-directory.ts';
import type { Base } from './locate-base.ts';
import type { PostgresLog } from './postgres-log.ts';
import { isAlive } from './process-identity.ts';
import { runCommand } from './run-command.ts';

/** An adopted postmaster is no child of ours, so its end is seen by looking this often, ms. */
const WATCH = 250;
/** How long `pg_ctl stop` may take before the server is stopped at once and recovers on its next start, s. */
const STOP_LIMIT = 20;

export interface RunningPostgres {
  /** Of the database `lifeboat`, password included: never log it. */
  url: string;
  port: number;
  pid: number;
  /** True when the server was already running, left by a Lifeboat that was killed. */
  adopted: boolean;
  version: string;
  /** Disconnects all clients, writes a checkpoint and waits for the end; safe to call twice. */
  stop(): Promise<void>;
  /** Calls back once if the server ends without `stop`, at once if it already has. A new `startPostgres` is then allowed. */
  onExit(callback: (reason: string) => void): void;
}

interface Parts {
  base: Base;
  binaries: Binaries;
  password: string;
  adopted: boolean;
  pid: number;
  port: number;
  child?: ChildProcess;
  release: () => void;
  log: PostgresLog;
}

/** Watches over a server that runs and knows how to stop it. */
export function supervise(parts: Parts): RunningPostgres {
  const { base, binaries, pid, port, log } = parts;
  const callbacks: ((reason: string) => void)[] = [];
  let ended: string | undefined;
  let stopping: Promise<void> | undefined;

  const unwatch = watchEnd(parts, (reason) => {
    if (ended !== undefined || stopping) return;
    ended = reason;
    parts.release();
    log.warn({ pid, reason }, 'PostgreSQL ended without being asked');
    for (const callback of callbacks) callback(reason);
  });

  const stop = async (): Promise<void> => {
    if (ended !== undefined) return;
    await stopServer(parts);
    unwatch();
    parts.release();
    log.info({ pid }, 'stopped PostgreSQL');
  };

  return {
    url: urlOf(port, parts.password),
    port,
    pid,
    adopted: parts.adopted,
    version: binaries.version,
    stop: () => (stopping ??= stop()),
    onExit: (callback) => {
      if (ended === undefined) callbacks.push(callback);
      else callback(ended);
    },
  };

  async function stopServer({ base: { data, user } }: Parts): Promise<void> {
    const attempts: string[] = [];
    for (const mode of ['fast', 'immediate']) {
      const args = ['stop', '-D', data, '-m', mode, '-w', '-t', String(STOP_LIMIT)];
      const { output } = await runCommand(binaries.pgCtl, args, { as: user });
      attempts.push(lastLines(output, 2));
      if (await isGone(pid)) return;
    }
    const fix = `See ${base.path}/server.log.`;
    throw new EmbeddedPostgresError(`PostgreSQL (pid ${pid}) did not stop: ${attempts.join('; ')}`, fix);
  }
}

function watchEnd({ child, pid }: Parts, onEnd: (reason: string) => void): () => void {
  if (child) {
    const listener = (code: number | null, signal: string | null): void => onEnd(signal ?? `exit code ${code ?? '?'}`);
    child.once('exit', listener);
    if (child.exitCode !== null || child.signalCode !== null) listener(child.exitCode, child.signalCode);
    return () => child.off('exit', listener);
  }
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    onEnd('its process is gone');
  }, WATCH);
  timer.unref();
  return () => clearInterval(timer);
}

// The pid file goes a moment before the process does.
async function isGone(pid: number): Promise<boolean> {
  const deadline = Date.now() + 2_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(10);
  }
  return true;
}
