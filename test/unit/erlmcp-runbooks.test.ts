import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../../src/actions/index.ts';
import type { Check, Estate } from '../../src/domain/estate-model.ts';
import { sortGraph } from '../../src/domain/graph.ts';
import { planRunbook } from '../../src/domain/plan.ts';
import type { Plan, PlanStep } from '../../src/domain/run-model.ts';
import { loadEstate } from '../../src/estate/load.ts';

const exec = promisify(execFile);
const SERVICES = ['authentication', 'api-gateway', 'resource-management', 'session-manager'];

let home: string;
let estate: Estate;
let env: Record<string, string>;

/** erlmcp's own runbooks on free ports, with their processes' files in a directory of the test's. */
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'erlmcp-'));
  env = { PATH: process.env['PATH'] ?? '', ERLMCP_HOME: join(home, 'services') };
  const loaded = await loadEstate('examples/erlmcp/estate.yaml');
  if (!loaded.ok) throw new Error('the estate has problems');
  estate = loaded.estate;
  const ports = await Promise.all(SERVICES.map(async (service) => [service, await freePort()] as const));
  estate.sites['us-east-1']!['ports'] = Object.fromEntries(ports);
});
afterEach(async () => {
  for (const service of SERVICES) await control('stop', service);
  await rm(home, { recursive: true, force: true });
});

describe("erlmcp's runbooks, run for real", () => {
  it('restart a process that was killed, and one that runs', async () => {
    const plan = planRunbook(estate, 'restart-process', { service: 'session-manager' });
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    const first = await pidOf('session-manager');
    process.kill(first, 'SIGKILL');
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    const second = await pidOf('session-manager');
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    expect(new Set([first, second, await pidOf('session-manager')]).size).toBe(3);
  });

  it('bring authentication back with its checks of tokens', async () => {
    expect(await runPlan(planRunbook(estate, 'restart-authentication', {}))).toEqual({ failed: undefined });
    expect(await control('status', 'authentication')).toContain('authentication runs, process');
  });

  it('bring the gateway back with all four addresses answering', async () => {
    expect(await runPlan(planRunbook(estate, 'restart-api-gateway', {}))).toEqual({ failed: undefined });
  });

  it('say why a service cannot start whose port is held by something that hangs up', async () => {
    const squatter = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const failed = control('start', 'session-manager', '127.0.0.1', String(port)).finally(() => squatter.close());
    await expect(failed).rejects.toThrow(/session-manager ended at once.*EADDRINUSE/s);
  });

  it('restore a directory from its archive and leave the old data beside it', async () => {
    const given = await dataAndArchive();
    await symlink('.', join(given.directory, 'restored.previous')); // left over from a run that stopped half way
    expect(await runPlan(planRunbook(estate, 'restore-directory', given))).toEqual({ failed: undefined });
    expect(await readFile(join(given.directory, 'current/receipts.txt'), 'utf8')).toBe('good');
    expect(await readlink(join(given.directory, 'restored.previous'))).toBe('v1');
    expect(await readFile(join(given.directory, 'v1/receipts.txt'), 'utf8')).toBe('broken');
    expect(await control('status', 'resource-management')).toContain('runs, process');
  });

  it('refuse an archive that was changed, before anything is touched', async () => {
    const given = await dataAndArchive();
    await writeFile(join(given.backups, given.archive), 'something else');
    expect(await runPlan(planRunbook(estate, 'restore-directory', given))).toEqual({ failed: 'checksum' });
    expect(await readlink(join(given.directory, 'current'))).toBe('v1');
  });

  it('never unpack over a directory that is there', async () => {
    const given = await dataAndArchive();
    expect(await runPlan(planRunbook(estate, 'restore-directory', { ...given, label: 'v1' }))).toEqual({
      failed: 'scratch',
    });
    expect(await readFile(join(given.directory, 'v1/receipts.txt'), 'utf8')).toBe('broken');
  });

  it('swap back when what was restored turns out wrong', async () => {
    const given = await dataAndArchive();
    const plan = planRunbook(estate, 'restore-directory', given);
    const spoil = async (step: PlanStep) => {
      if (step.id === 'verify') await writeFile(join(given.directory, 'restored/receipts.txt'), 'tampered');
    };
    expect(await runPlan(plan, spoil)).toEqual({ failed: 'verify' });
    expect(await readFile(join(given.directory, 'current/receipts.txt'), 'utf8')).toBe('tampered');
    await undo(plan, ['swap', 'stop', 'scratch']);
    expect(await readlink(join(given.directory, 'current'))).toBe('v1');
    expect(await readFile(join(given.directory, 'current/receipts.txt'), 'utf8')).toBe('broken');
    await expect(readFile(join(given.directory, 'restored/receipts.txt'))).rejects.toThrow('ENOENT');
    expect(await control('status', 'resource-management')).toContain('runs, process');
  });

  it('know by the probe whether the swap has happened', async () => {
    const given = await dataAndArchive();
    const plan = planRunbook(estate, 'restore-directory', given);
    const swap = plan.steps.find(({ id }) => id === 'swap')!;
    expect(await attempt(swap.probe!)).toBe('rejected');
    await runPlan(plan);
    expect(await attempt(swap.probe!)).toBe('done');
  });
});

/** Runs the steps one after the other with the real actions; whoever is asked agrees. */
async function runPlan(
  plan: Plan,
  before?: (step: PlanStep) => Promise<void>,
): Promise<{ failed: string | undefined }> {
  const sorted = sortGraph(new Map(plan.steps.map((step) => [step.id, step.needs])));
  if (!sorted.ok) throw new Error('a cycle');
  for (const id of sorted.order) {
    const step = plan.steps.find((each) => each.id === id)!;
    await before?.(step);
    for (const action of [...step.preconditions, step, ...step.postconditions]) {
      if (action.uses !== 'approval' && (await attempt(action, step.retry.max_attempts)) !== 'done')
        return { failed: id };
    }
  }
  return { failed: undefined };
}

async function undo(plan: Plan, ids: string[]): Promise<void> {
  for (const id of ids) expect(await attempt(plan.steps.find((step) => step.id === id)!.rollback!)).toBe('done');
}

async function attempt(
  { uses, with: input, timeout }: Pick<Check, 'uses' | 'with' | 'timeout'>,
  tries = 1,
): Promise<string> {
  if (uses !== 'command' && uses !== 'http') throw new Error(`${uses} is not for a worker`);
  const action = createActions(env)[uses];
  let kind = 'none';
  for (let n = 0; n < tries && kind !== 'done'; n += 1) {
    const outcome = await action.run(input, { signal: AbortSignal.timeout(timeout), output: () => undefined });
    kind = outcome.kind;
  }
  return kind;
}

async function dataAndArchive(): Promise<{ directory: string; backups: string; archive: string }> {
  const directory = join(home, 'data');
  const backups = join(home, 'backups');
  const saved = join(home, 'saved');
  for (const folder of [join(directory, 'v1'), backups, saved]) await mkdir(folder, { recursive: true });
  await writeFile(join(directory, 'v1/receipts.txt'), 'broken');
  await symlink('v1', join(directory, 'current'));
  await writeFile(join(saved, 'receipts.txt'), 'good');
  await exec('tar', ['-czf', join(backups, 'full-1.tar.gz'), '-C', saved, '.']);
  const { stdout } = await exec('sha256sum', ['full-1.tar.gz'], { cwd: backups });
  await writeFile(join(backups, 'full-1.tar.gz.sha256'), stdout);
  return { directory, backups, archive: 'full-1.tar.gz' };
}

async function control(verb: string, service: string, ...rest: string[]): Promise<string> {
  return (await exec('examples/erlmcp/ctl.mjs', [verb, 'us-east-1', service, ...rest], { env })).stdout;
}

async function pidOf(service: string): Promise<number> {
  return Number(/process (\d+)/.exec(await control('status', service))?.[1]);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => resolve(port ?? 0));
    });
  });
}
