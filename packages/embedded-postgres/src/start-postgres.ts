import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, messageOf } from './embedded-postgres-error.ts';
import { chooseBinaries } from './binaries.ts';
import type { Binaries, BinarySource } from './binaries.ts';
import { checkServer } from './connection.ts';
import { dataMajorVersion, initialise, lastLines, readPassword } from './data-directory.ts';
import { choosePort, launch, rememberPort } from './launch.ts';
import type { Launch } from './launch.ts';
import { locateBase } from './locate-base.ts';
import type { Base } from './locate-base.ts';
import { claimOwnership } from './owner-lock.ts';
import { silentLog } from './postgres-log.ts';
import type { PostgresLog } from './postgres-log.ts';
import { findPostmaster } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';
import { supervise } from './running-postgres.ts';
import type { RunningPostgres } from './running-postgres.ts';

/** Crash recovery after a power cut may take this long, ms. */
const START_LIMIT = 60_000;
const POLL = 25;

export interface PostgresOptions {
  /** Lifeboat's home; everything goes into its folder `postgres`. */
  home: string;
  log?: PostgresLog | undefined;
  /** Loopback port for a new server; without it the last one used or any free one. An adopted server keeps its own. */
  port?: number | undefined;
  binaries?: BinarySource | undefined;
  /** Server settings over the usual ones, e.g. `{ max_connections: '200' }`. */
  settings?: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts the embedded PostgreSQL of a home, or adopts the one that a killed Lifeboat left running.
 * @throws EmbeddedPostgresError when the home is in use, the data is foreign or of another major version, or no server starts.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? silentLog;
  const base = locateBase(options.home, log);
  const release = claimOwnership(base.path);
  try {
    const dataMajor = dataMajorVersion(base);
    const binaries = await chooseBinaries(options.binaries ?? 'auto', base, dataMajor);
    if (dataMajor === undefined) await initialise(base, binaries.initdb);
    const password = readPassword(base);
    const server: Started = (await adopt(base, password)) ?? (await startNew(base, binaries, password, options));
    const adopted = server.child === undefined;
    const how = { pid: server.pid, port: server.port, data: base.data, version: binaries.version };
    log.info(how, adopted ? 'adopted the running PostgreSQL' : 'started PostgreSQL');
    return supervise({ base, binaries, password, adopted, ...server, release, log });
  } catch (error) {
    release();
    throw error;
  }
}

async function adopt(base: Base, password: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const found = await findPostmaster(base);
    if (found.kind === 'none') return undefined;
    const problem =
      found.kind === 'live'
        ? await refusal(found.postmaster.port, password, base.data)
        : { message: `processes ${found.pids.join(', ')} of a dead server still run`, lasting: false };
    if (found.kind === 'live' && problem === undefined) return found.postmaster;
    if (problem && (problem.lasting || Date.now() > deadline)) {
      throw new EmbeddedPostgresError(
        `The PostgreSQL that runs on ${base.data} cannot be used: ${problem.message}`,
        `See ${base.path}/server.log; stop that server and start again.`,
      );
    }
    await delay(POLL);
  }
}

interface Refusal {
  message: string;
  /** No amount of waiting mends it. */
  lasting: boolean;
}

async function refusal(port: number, password: string, data: string): Promise<Refusal | undefined> {
  try {
    await checkServer(port, password, data);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // Class 28: wrong password or role.
    return { message: messageOf(error), lasting: code.startsWith('28') };
  }
}

/** Without a child, the server is an adopted one. */
type Started = Postmaster & { child?: Launch['child'] };

async function startNew(base: Base, binaries: Binaries, password: string, options: PostgresOptions): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await choosePort(base));
    const started = launch(base, binaries, port, options.settings ?? {});
    const problem = await ready(started, port, password, base.data);
    if (problem === undefined && started.child.pid !== undefined) {
      rememberPort(base, port);
      return { pid: started.child.pid, port, child: started.child };
    }
    // A server that a killed Lifeboat had only just spawned took the folder first.
    const adopted = /lock file .* already exists/.test(started.said()) ? await adopt(base, password) : undefined;
    if (adopted) return adopted;
    const portTaken = /Address already in use|could not create any TCP\/IP sockets/.test(started.said());
    if (portTaken && options.port === undefined && attempt < 5) continue;
    throw new EmbeddedPostgresError(
      `PostgreSQL did not start on port ${port} with ${base.data}: ${problem ?? ''}`,
      portTaken ? `Port ${port} is taken: choose another one.` : `See ${base.path}/server.log.`,
    );
  }
}

/** Waits until the server takes connections; returns what went wrong instead, with the server ended. */
async function ready(started: Launch, port: number, password: string, data: string): Promise<string | undefined> {
  const { child } = started;
  const deadline = Date.now() + START_LIMIT;
  let problem: string | undefined;
  child.once('error', (error) => (problem = error.message));
  while (problem === undefined && Date.now() < deadline) {
    await delay(POLL);
    if (child.exitCode !== null || child.signalCode !== null) return lastLines(started.said());
    if (!started.said().includes('ready to accept connections')) continue;
    const refused = await refusal(port, password, data);
    if (!refused) return undefined;
    if (refused.lasting) problem = refused.message;
  }
  if (child.pid !== undefined) {
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    await gone;
  }
  return problem ?? `it was not ready within ${START_LIMIT / 1000} s`;
}
