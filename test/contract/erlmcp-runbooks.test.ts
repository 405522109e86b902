import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../../src/actions/index.ts';
import type { Check, Estate } from '../../src/domain/estate/model.ts';
import { evaluate } from '../../src/domain/plan/expression.ts';
import { sortGraph } from '../../src/domain/plan/graph.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { planRunbook } from '../../src/domain/plan/plan.ts';
import type { Plan, PlanStep } from '../../src/domain/run/model.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { createErlmcp, SITE, type Erlmcp } from '../support/erlmcp.ts';

const exec = promisify(execFile);
const SERVICES = ['authentication', 'api-gateway', 'database-cluster', 'resource-management', 'session-manager'];

let home: string;
let erlmcp: Erlmcp;
let estate: Estate;
/** What the steps of the plan that runs gave. */
let outputs: JsonObject;

/** erlmcp's own runbooks on free ports, with their processes' files in a directory of the test's. */
beforeEach(async () => {
  erlmcp = await createErlmcp(SERVICES);
  home = join(erlmcp.home, 'restored');
  const loaded = await loadEstate('examples/erlmcp/estate.yaml');
  if (!loaded.ok) throw new Error('the estate has problems');
  estate = loaded.estate;
  estate.sites[SITE]!['ports'] = erlmcp.ports;
});
afterEach(() => erlmcp.stop());

describe("erlmcp's runbooks, run for real", () => {
  it('restart a process that was killed, and one that runs', async () => {
    await erlmcp.start('database-cluster');
    const plan = planRunbook(estate, 'restart-process', { service: 'session-manager' });
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    const first = await pidOf('session-manager');
    process.kill(first, 'SIGKILL');
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    const second = await pidOf('session-manager');
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    expect(new Set([first, second, await pidOf('session-manager')]).size).toBe(3);
  });

  it.each(['kill', 'hang', 'slow'])('cure a service that was broken by %s', async (how) => {
    await erlmcp.start('authentication');
    await erlmcp.must('break', 'authentication', how);
    const plan = planRunbook(estate, estate.services['authentication']?.recover ?? '', {});
    const healthy = plan.steps.find(({ id }) => id === 'healthy')!;
    expect(await attempt(healthy)).not.toBe('done');
    expect(await runPlan(plan)).toEqual({ failed: undefined });
  });

  it('bring authentication back with its checks of tokens', async () => {
    expect(await runPlan(planRunbook(estate, 'restart-authentication', {}))).toEqual({ failed: undefined });
    expect(await erlmcp.must('status', 'authentication')).toContain('authentication runs, process');
  });

  it('bring the gateway back with all four addresses answering, once authentication is there', async () => {
    expect(await runPlan(planRunbook(estate, 'restart-api-gateway', {}))).toEqual({ failed: 'health' });
    await erlmcp.start('authentication');
    expect(await runPlan(planRunbook(estate, 'restart-api-gateway', {}))).toEqual({ failed: undefined });
  });

  it('say why a service cannot start whose port is held by something that hangs up', async () => {
    const squatter = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const failed = erlmcp.must('start', 'session-manager', '127.0.0.1', String(port)).finally(() => squatter.close());
    await expect(failed).rejects.toThrow(/session-manager ended at once.*EADDRINUSE/s);
  });

  it('start a service whose port becomes free a moment later, as that of a process that was just killed', async () => {
    const dying = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(dying, 'listening');
    const { port } = dying.address() as AddressInfo;
    setTimeout(() => dying.close(), 500);
    expect(await erlmcp.must('start', 'session-manager', '127.0.0.1', String(port))).toContain('session-manager runs');
    await erlmcp.must('stop', 'session-manager');
  });

  it('restore a directory from its archive and leave the old data beside it', async () => {
    const given = await dataAndArchive();
    await symlink('.', join(given.directory, 'restored.previous')); // left over from a run that stopped half way
    expect(await runPlan(planRunbook(estate, 'restore-directory', given))).toEqual({ failed: undefined });
    expect(await readFile(join(given.directory, 'current/receipts.txt'), 'utf8')).toBe('good');
    expect(await readlink(join(given.directory, 'restored.previous'))).toBe('v1');
    expect(await readFile(join(given.directory, 'v1/receipts.txt'), 'utf8')).toBe('broken');
    expect(await erlmcp.must('status', 'resource-management')).toContain('runs, process');
  });

  it('restore corrupt data with nothing typed but the service, as often as it is needed', async () => {
    await erlmcp.start('authentication');
    await erlmcp.must('break', 'authentication', 'corrupt');
    expect(await runPlan(planRunbook(estate, 'restart-authentication', {}))).toEqual({ failed: 'healthy' });
    const plan = planRunbook(estate, 'restore-directory', { service: 'authentication' });
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    expect(await runPlan(plan)).toEqual({ failed: undefined });
    expect(await erlmcp.must('status', 'authentication', 'json')).toContain('"broken":null');
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
    await undo(plan, ['swap', 'prepare', 'stop', 'scratch']);
    expect(await readlink(join(given.directory, 'current'))).toBe('v1');
    expect(await readFile(join(given.directory, 'current/receipts.txt'), 'utf8')).toBe('broken');
    await expect(readFile(join(given.directory, 'restored/receipts.txt'))).rejects.toThrow('ENOENT');
    expect(await erlmcp.must('status', 'resource-management')).toContain('runs, process');
  });

  it('know by the probe whether the swap has happened', async () => {
    const given = await dataAndArchive();
    const plan = planRunbook(estate, 'restore-directory', given);
    const swap = plan.steps.find(({ id }) => id === 'swap')!;
    outputs = { where: { output: { json: given } } };
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
  outputs = {};
  for (const id of sorted.order) {
    const step = plan.steps.find((each) => each.id === id)!;
    await before?.(step);
    for (const action of [...step.preconditions, step, ...step.postconditions]) {
      if (action.uses !== 'approval' && (await attempt(action, step.retry.max_attempts, id)) !== 'done')
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
  step = '',
): Promise<string> {
  if (uses !== 'command' && uses !== 'http') throw new Error(`${uses} is not for a worker`);
  const action = createActions(erlmcp.env)[uses];
  let kind = 'none';
  for (let n = 0; n < tries && kind !== 'done'; n += 1) {
    const outcome = await action.run(evaluate(input, { steps: outputs }) as JsonObject, {
      signal: AbortSignal.timeout(timeout),
      output: () => undefined,
    });
    kind = outcome.kind;
    if (outcome.kind === 'done') outputs[step] ??= { output: outcome.value };
  }
  return kind;
}

interface Given extends Record<string, string> {
  directory: string;
  backups: string;
  archive: string;
}

async function dataAndArchive(): Promise<Given> {
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
  return { directory, backups, archive: 'full-1.tar.gz', label: 'restored' };
}

async function pidOf(service: string): Promise<number> {
  return Number(/process (\d+)/.exec(await erlmcp.must('status', service))?.[1]);
}
