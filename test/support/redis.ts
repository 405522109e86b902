import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { waitFor } from './wait-for.ts';

const PROGRAM = 'redis-server';

export interface TestRedis {
  url: string;
  port: number;
  flushall(): Promise<void>;
  /** Stops the server cleanly and removes its folder; safe to call twice. */
  stop(): Promise<void>;
  /** Stops the process where it is: connections stay open and nothing is answered any more. */
  freeze(): void;
  thaw(): void;
  /** Stops (or, with `kill`, kills) the server and starts it on the same port with the data that it had saved. */
  restart(options?: { kill?: boolean; whileDown?: () => Promise<void> }): Promise<void>;
}

/**
 * For `describe.skipIf(!redisAvailable())`: false, with a line that says what to install, if redis-server is missing.
 * @throws Error when CI=true, where nothing may be skipped silently
 */
export function redisAvailable(): boolean {
  if (findOnPath(PROGRAM)) return true;
  const hint = `${PROGRAM} is missing: install it (apt-get install redis-server, brew install redis)`;
  if (process.env.CI === 'true') throw new Error(`${hint}.`);
  console.warn(`${hint} to run the tests on Redis; they are skipped.`);
  return false;
}

/** Starts a real Redis on a free loopback port, with an append-only file in a temporary folder. */
export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await launch(folder, port);
  const atExit = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', atExit);

  return {
    url,
    port,
    flushall: () => withClient(port, (client) => client.flushall()),
    stop: async () => {
      await end(server, 'SIGTERM');
      process.off('exit', atExit);
      rmSync(folder, { recursive: true, force: true });
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    restart: async ({ kill = false, whileDown } = {}) => {
      await end(server, kill ? 'SIGKILL' : 'SIGTERM');
      await whileDown?.();
      server = await launch(folder, port);
    },
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', appendfsync: 'everysec', save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (said += part));
  server.on('error', (error) => (said += error.message));
  try {
    await waitFor('redis-server to be ready', () => said.includes('Ready to accept connections'));
    return server;
  } catch (error) {
    server.kill('SIGKILL');
    throw new Error(`redis-server did not start on port ${port}: ${said}`, { cause: error });
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
}

async function withClient(port: number, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port });
  try {
    await work(client);
  } finally {
    client.disconnect();
  }
}

function findOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
