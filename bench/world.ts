import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../src/runtime/paths.ts';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

export interface Program {
  url: string;
  pid: number;
  /** Milliseconds from the start of the process to readiness. */
  ready_ms: number;
  stop(): Promise<void>;
}

/** Starts a Node program and waits until `path` answers; its output is kept for a failure. */
export async function startProgram(args: string[], env: Record<string, string>, path: string): Promise<Program> {
  const port = await freePort();
  const privatePort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const ready = `http://127.0.0.1:${path === '/readyz' ? privatePort : port}${path}`;
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      ...env,
      PORT: String(port),
      LIFEBOAT_PRIVATE_PORT: String(privatePort),
      HOST: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  while (!(await answers(ready))) {
    if (child.exitCode !== null || performance.now() - started > 30_000) throw new Error(`not ready:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const ready_ms = performance.now() - started;
  return { url, pid: child.pid ?? 0, ready_ms, stop: () => stop(child) };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status < 500;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resident memory of a process without its children, in MB. */
export function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

export interface Surroundings {
  slack: Awaited<ReturnType<typeof startSlackStandIn>>;
  pagerduty: Awaited<ReturnType<typeof startPagerDutyStandIn>>;
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** A Slack and a PagerDuty for the started program. */
export async function startSurroundings(): Promise<Surroundings> {
  const slack = await startSlackStandIn();
  const pagerduty = await startPagerDutyStandIn({ eventsPerMinute: 1_000_000, restPerMinute: 1_000_000 });
  const [routingKey = ''] = pagerduty.routingKeys;
  return {
    slack,
    pagerduty,
    env: {
      LOG_LEVEL: 'error',
      LIFEBOAT_ESTATE: join(ROOT, 'test/support/estates/small.yaml'),
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.url,
      PAGERDUTY_ROUTING_KEY: routingKey,
      PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl,
      PAGERDUTY_API_URL: pagerduty.apiUrl,
      PAGERDUTY_API_TOKEN: pagerduty.apiToken,
    },
    async stop() {
      await Promise.all([slack.close(), pagerduty.close()]);
    },
  };
}
