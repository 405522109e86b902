import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { killQuietly, processesOf } from './process.ts';
import { ROOT } from '../../src/runtime/paths.ts';

export const CONTROL = join(ROOT, 'examples/erlmcp/ctl.mjs');
export const SITE = 'us-east-1';

export interface Ended {
  code: number;
  said: string;
}

export interface Erlmcp {
  home: string;
  env: Record<string, string>;
  ports: Record<string, number>;
  /** Where a service keeps its data and its backups. */
  data: (service: string) => string;
  backups: (service: string) => string;
  ctl: (verb: string, service: string, ...rest: string[]) => Promise<Ended>;
  /** As `ctl`, but throws with the program's words when it fails. */
  must: (verb: string, service: string, ...rest: string[]) => Promise<string>;
  start: (service: string) => Promise<string>;
  /** The status and body of /health; status 0 and a reason when there is no answer within `ms`. */
  health: (service: string, ms?: number) => Promise<{ code: number } & Record<string, unknown>>;
  stop: () => Promise<void>;
}

/** erlmcp's services on free ports with a home of their own; `stop` ends them all. */
export async function createErlmcp(services: string[]): Promise<Erlmcp> {
  const home = await mkdtemp(join(tmpdir(), 'erlmcp-'));
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', ERLMCP_HOME: home };
  const ports: Record<string, number> = {};
  for (const service of services) ports[service] = await freePort();
  const ctl: Erlmcp['ctl'] = (verb, service, ...rest) => runControl(env, [verb, SITE, service, ...rest]);
  const must: Erlmcp['must'] = async (...args) => {
    const { code, said } = await ctl(...args);
    if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}: ${said}`);
    return said;
  };
  return {
    ...{ home, env, ports, ctl, must },
    data: (service) => join(home, SITE, 'data', service),
    backups: (service) => join(home, SITE, 'backups', service),
    start: (service) => must('start', service, '127.0.0.1', String(ports[service])),
    health: (service, ms = 8000) => askHealth(Number(ports[service]), ms),
    stop: async () => {
      for (const pid of processesOf(home)) killQuietly(pid);
      await rm(home, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

function runControl(env: Record<string, string>, args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CONTROL, ...args], { env, cwd: ROOT }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: `${stdout}${stderr}`.trim() }),
    );
  });
}

async function askHealth(port: number, ms: number): Promise<{ code: number } & Record<string, unknown>> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(ms) });
    return { ...((await response.json()) as Record<string, unknown>), code: response.status };
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return { code: 0, reason: cause?.code ?? (error as Error).name };
  }
}
