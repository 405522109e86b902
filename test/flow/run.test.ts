import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { firstBroken } from '../../src/domain/incident/timeline.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Plan, Run, StepRow } from '../../src/domain/run/model.ts';
import type { Action } from '../../src/ports/action.ts';
import { openApprovals, votesOf } from '../../src/store/approval/approvals.ts';
import { readContent } from '../../src/store/approval/approval-request.ts';
import { allSteps, findRun } from '../../src/store/run/runs.ts';
import { outputTail } from '../../src/store/run/step-output.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { decideApproval } from '../../src/verbs/approval/decide-approval.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { spawnProgram } from '../support/process.ts';
import { plan, runJobs, sh, step } from '../support/queue-plan.ts';
import { launch, plainIncident, smallEstate, testPool, type Boat } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

const CHILD = fileURLToPath(new URL('../support/worker-child.ts', import.meta.url));

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let incident: number;
let folder: string;
let requests = 0;
const boats: Boat[] = [];

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });

beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
  incident = await plainIncident(pool);
  folder = mkdtempSync(join(tmpdir(), 'lifeboat-run-'));
});
afterEach(async () => {
  await Promise.all(boats.splice(0).map((boat) => boat.stop(100)));
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function work(with_: Record<string, Action> = actions) {
  const boat = await launch({
    url: database.url,
    verbs,
    jobs: runJobs(pool, verbs, with_),
  });
  boats.push(boat);
  return boat;
}

const begin = (of: Plan, actor?: string) => startRun(verbs, by(actor), incident, of);
const runIs = (run: Run, state: string, timeoutMs = 15_000) =>
  waitFor(
    `the run to be ${state}`,
    async () => {
      const now = (await findRun(pool, run.id))!;
      if (now.state === state) return now;
      throw new Error(`${now.state} ${now.reason ?? ''}: ${JSON.stringify(await states(run))}`);
    },
    { timeoutMs },
  );
const steps = async (run: Run): Promise<Record<string, StepRow>> =>
  Object.fromEntries((await allSteps(pool, run.id)).map((row) => [row.step_id, row]));
const states = async (run: Run) =>
  Object.fromEntries((await allSteps(pool, run.id)).map((row) => [row.step_id, row.state]));
const file = (name: string) => join(folder, name);
const lines = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n') : []);

describe('a run', () => {
  test('goes through parallel steps, a retry, consent and clean-up, with outputs handed on and kept', async () => {
    const run = await begin(
      plan(
        'whole',
        [
          step('left', sh(`echo '{"host":"db-7"}'; sleep 0.2`)),
          step('right', sh(`echo "api_key=abcdef123456 done"; sleep 0.2`)),
          step('flaky', {
            ...sh(`echo try >> ${file('flaky')}; test $(wc -l < ${file('flaky')}) -ge 3`),
            retry: { max_attempts: 3, interval: 20, backoff_factor: 1, max_interval: 20 },
          }),
          step('consent', {
            uses: 'approval',
            with: { approvers: ['database'], min_approvals: 1 },
            needs: ['left', 'right', 'flaky'],
          }),
          step('pause', { uses: 'wait', with: { duration: 50 }, needs: ['consent'] }),
          step('use', { with: { run: ['echo', 'on ${{ steps.left.output.json.host }}'] }, needs: ['pause'] }),
        ],
        [step('tidy', sh(`echo tidy >> ${file('tidy')}`))],
      ),
    );
    await work();
    const [request] = await waitFor('the request', async () => {
      const open = await openApprovals(pool, incident);
      return open.length > 0 && open;
    });
    const both = await steps(run);
    expect(both.right!.started_at!.getTime()).toBeLessThan(both.left!.finished_at!.getTime());
    expect(both.use!.state).toBe('pending');
    const { digest, lines: shown } = await readContent(pool, estate, request!);
    expect(shown.join('\n')).toContain('run = ["echo", "on " + "db-7"]'); // of a step that is over
    const decide = (actor: string) =>
      decideApproval(verbs, by(actor), {
        approval: request!.id,
        decision: 'approve',
        comment: null,
        seen_digest: digest.slice(0, 12),
        scheduled: {},
      });
    await expect(decide('slack:U01ANA')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await decide('slack:U01BEN')).toBe('approved');
    await runIs(run, 'succeeded');
    const after = await steps(run);
    expect(after.flaky!.attempt).toBe(3);
    expect(after.use!.output).toMatchObject({ stdout: 'on db-7\n' });
    expect(lines('tidy')).toEqual(['tidy']);
    expect(JSON.stringify(after.right!.output)).not.toContain('abcdef123456');
    const told = await outputTail(pool, run.id, 'right', 10);
    expect(told.map((line) => line.text).join()).toMatch(/redacted/);
    const events = await timelineOf(pool, incident);
    expect(firstBroken(incident, events)).toBeNull();
    expect(events.filter((event) => event.kind === 'approval.given')).toHaveLength(1);
  });

  test('twenty presses of one approval are one decision, and the run goes on once', async () => {
    const run = await begin(
      plan('pressed', [
        step('consent', { uses: 'approval', with: { approvers: ['database'], min_approvals: 1 } }),
        step('go', { ...sh(`echo go >> ${file('go')}`), needs: ['consent'], side_effect: 'once' }),
      ]),
    );
    await work();
    const [request] = await openApprovals(pool, incident);
    const { digest } = await readContent(pool, estate, request!);
    const presses = Array.from({ length: 20 }, (_, n) =>
      decideApproval(verbs, by(n % 2 ? 'slack:U01BEN' : 'slack:U01DAN'), {
        approval: request!.id,
        decision: 'approve',
        comment: null,
        seen_digest: digest,
        scheduled: {},
      }),
    );
    const all = await Promise.allSettled(presses);
    expect(all.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    expect(await votesOf(pool, request!.id)).toHaveLength(1);
    await runIs(run, 'succeeded');
    expect(lines('go')).toEqual(['go']);
  });

  test('that fails undoes what was done, last first, and cleans up', async () => {
    const undo = (name: string) => ({
      uses: 'command' as const,
      ...sh(`echo ${name} >> ${file('undo')}`),
      timeout: 5000,
    });
    const run = await begin(
      plan(
        'undone',
        [
          step('a', { rollback: undo('a') }),
          step('b', { needs: ['a'], rollback: undo('b') }),
          step('c', { ...sh('exit 3'), needs: ['b'], on_failure: 'rollback', rollback: undo('c') }),
          step('d', { needs: ['c'] }),
        ],
        [step('tidy', sh(`echo tidy >> ${file('undo')}`))],
      ),
    );
    await work();
    await runIs(run, 'rolled_back');
    expect(lines('undo')).toEqual(['b', 'a', 'tidy']);
    expect(await states(run)).toMatchObject({ c: 'failed', d: 'cancelled' });
  });

  test('keeps output that looks like escaped characters, and does its once-step once', async () => {
    const run = await begin(
      plan('odd', [
        step('odd', {
          ...sh(`echo x >> ${file('odd')}; printf '%s' 'a\\u0000b \\\\u0000 \\ud83d'; printf '\\000'`),
          side_effect: 'once',
          retry: { max_attempts: 3, interval: 10, backoff_factor: 1, max_interval: 10 },
        }),
      ]),
    );
    await work();
    await runIs(run, 'succeeded');
    expect(lines('odd')).toEqual(['x']);
    expect((await steps(run)).odd!.output).toMatchObject({ stdout: 'a\\u0000b \\\\u0000 \\ud83d\ufffd' });
  });
});

describe('steps that are called back in the middle', () => {
  const retries = { max_attempts: 3, interval: 10, backoff_factor: 1, max_interval: 10 };
  const begun = (name: string) => `echo begun >> ${file(name)}; sleep 30`;
  const once = (name: string, more = {}) =>
    step('once', { ...sh(begun(name)), side_effect: 'once', retry: retries, ...more });
  const probe = (script: string) => ({ uses: 'command' as const, ...sh(script), timeout: 5000 });
  // What it does when it is run again is known by its file.
  const again = (name: string) =>
    sh(`test -e ${file('mended')} && { echo again >> ${file(`${name}-again`)}; exit 0; }; ${begun(name)}`);

  /** Runs that all are in the middle of their step when their process gets the blow. */
  async function interrupt<Name extends string>(plans: Record<Name, Plan>, how: 'stop' | 'kill') {
    const names = Object.keys(plans) as Name[];
    const runs = {} as Record<Name, Run>;
    for (const name of names) {
      const own = await plainIncident(pool, name);
      runs[name] = await startRun(verbs, by(), own, plans[name]);
    }
    const child = spawnProgram(CHILD, [database.url, '-']);
    onTestFinished(() => child.killTree());
    await child.line(/^ready/);
    await waitFor('the steps to begin', () => names.every((name) => lines(name).length === 1));
    if (how === 'kill') await child.killTree();
    else {
      child.signal('SIGTERM');
      await child.line(/^stopped/);
    }
    writeFileSync(file('mended'), '');
    return runs;
  }

  test.each(['stop', 'kill'] as const)('by a %s of the program', async (how) => {
    const blind = { uses: 'command' as const, ...sh('sleep 10'), timeout: 300 };
    const runs = await interrupt(
      {
        untold: plan('untold', [once('untold'), step('next', { needs: ['once'] })]),
        happened: plan('happened', [once('happened', { probe: probe(`test -s ${file('happened')}`) })]),
        absent: plan('absent', [once('absent', { ...again('absent'), probe: probe('exit 1') })]),
        unclear: plan('unclear', [once('unclear', { probe: blind })]),
        idempotent: plan('idempotent', [step('idempotent', again('idempotent'))]),
      },
      how,
    );
    await work();
    // Nothing tells whether it happened: it is not repeated, and a person decides.
    await runIs(runs.untold, 'paused');
    expect(await states(runs.untold)).toMatchObject({ once: 'unknown', next: 'pending' });
    const looked = { kind: 'skip', step: 'once', reason: 'I looked: it happened' } as const;
    await controlRun(verbs, by(), runs.untold.incident_id, runs.untold.id, looked);
    await runIs(runs.untold, 'succeeded');
    // Its probe finds that it happened: it counts as done.
    await runIs(runs.happened, 'succeeded');
    // Its probe finds that it did not happen: it is done again.
    await runIs(runs.absent, 'succeeded');
    expect(lines('absent-again')).toEqual(['again']);
    // Its probe cannot tell.
    await runIs(runs.unclear, 'paused');
    expect(await states(runs.unclear)).toEqual({ once: 'unknown' });
    // It may be done as often as one likes: it is simply done again.
    await runIs(runs.idempotent, 'succeeded');
    expect(lines('idempotent-again')).toEqual(['again']);
    for (const name of Object.keys(runs)) expect([name, lines(name)]).toEqual([name, ['begun']]);
  });
});
