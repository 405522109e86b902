import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Plan, Run } from '../../src/domain/run/model.ts';
import type { Action } from '../../src/ports/action.ts';
import { allSteps, findRun } from '../../src/store/run/runs.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, runJobs, sh, step } from '../support/queue-plan.ts';
import { effectsOf, launch, plainIncident, smallEstate, testPool, type Boat } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

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
const states = async (run: Run) =>
  Object.fromEntries((await allSteps(pool, run.id)).map((row) => [row.step_id, row.state]));
const file = (name: string) => join(folder, name);
const lines = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n') : []);

describe('a crash of what is around a once-step', () => {
  test('after the action is no reason to act again', async () => {
    let acted = 0;
    const broken: Action = {
      name: 'command',
      run: () => {
        acted += 1;
        return Promise.reject(new Error('the action itself broke'));
      },
    };
    const run = await begin(
      plan('broken', [
        step('once', {
          side_effect: 'once',
          retry: { max_attempts: 3, interval: 10, backoff_factor: 1, max_interval: 10 },
        }),
      ]),
    );
    await work({ ...actions, command: broken });
    await runIs(run, 'paused');
    expect(acted).toBe(1);
    expect(await states(run)).toEqual({ once: 'unknown' });
  });

  test('a postcondition that cannot be read leaves the step done but refused, never repeated', async () => {
    const run = await begin(
      plan('unread', [
        step('once', {
          ...sh(`echo x >> ${file('once')}`),
          side_effect: 'once',
          retry: { max_attempts: 3, interval: 10, backoff_factor: 1, max_interval: 10 },
          postconditions: [{ uses: 'command', with: { run: ['echo', '${{ steps.gone.output.x }}'] }, timeout: 1000 }],
        }),
      ]),
    );
    await work();
    await runIs(run, 'paused');
    expect(lines('once')).toEqual(['x']);
    expect((await effectsOf(pool, `kind = 'step.run'`)).length).toBe(1);
  });
});
