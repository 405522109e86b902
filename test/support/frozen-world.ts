import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { runningProcesses } from '../../src/actions/process-table.ts';
import type { Run } from '../../src/domain/run/model.ts';
import { allSteps, findRun } from '../../src/store/run/runs.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase } from './database.ts';
import { spawnProgram, type SpawnedProgram } from './process.ts';
import { plan, step } from './queue-plan.ts';
import { plainIncident, smallEstate, testPool } from './queue-world.ts';
import { waitFor } from './wait-for.ts';

const CHILD = fileURLToPath(new URL('worker-child.ts', import.meta.url));

/** Real worker processes with a database of their own, a ledger file, and a run of one slow step. */
export interface FrozenWorld {
  pool: pg.Pool;
  verbs: VerbDeps;
  incident: number;
  worker(): Promise<SpawnedProgram>;
  /**
   * Starts a run of a step that notes `began <pid>`, works for `ms` milliseconds, or until it is let, and notes `worked`.
   */
  begin(ms?: number): Promise<Run>;
  /** Lets every step that works end. */
  let(): void;
  lines(word: string): string[];
  /** Whether a program that noted its beginning still runs. */
  running(): Promise<boolean>;
  /** The state of the step, and of the run when it is over. */
  states(run: Run): Promise<{ step: string; error: string | null; run: string }>;
}

/** Everything of it is gone when the test is finished. */
export async function frozenWorld(): Promise<FrozenWorld> {
  const database = await createTestDatabase();
  const pool = testPool(database.url);
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-frozen-'));
  const file = join(folder, 'ledger');
  writeFileSync(file, '');
  const workers: SpawnedProgram[] = [];
  onTestFinished(async () => {
    for (const each of workers) {
      each.signal('SIGCONT');
      await each.killTree();
    }
    await pool.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  const estate = await smallEstate();
  const verbs = { pool, estate: () => estate };
  const incident = await plainIncident(pool);
  const lines = (word: string): string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(word));
  const go = join(folder, 'go');
  const over = (ms: number | undefined): string =>
    ms === undefined ? `fs.existsSync(${JSON.stringify(go)})` : `Date.now() - began >= ${ms}`;
  const slow = (ms: number | undefined) =>
    `const began = Date.now();
     fs.appendFileSync(process.argv[1], 'began ' + process.pid + '\\n');
     const timer = setInterval(() => {
       if (!(${over(ms)})) return;
       fs.appendFileSync(process.argv[1], 'worked\\n');
       clearInterval(timer);
     }, 20)`;
  return {
    ...{ pool, verbs, incident, lines },
    async worker() {
      const started = spawnProgram(CHILD, [database.url, '-']);
      workers.push(started);
      await started.line(/^ready/);
      return started;
    },
    let: () => writeFileSync(go, ''),
    async begin(ms) {
      const work = step('work', {
        with: { run: ['node', '-e', slow(ms), file] },
        side_effect: 'once',
        timeout: 60_000,
        probe: { uses: 'command', with: { run: ['grep', '-qx', 'worked', file] }, timeout: 5000 },
      });
      const run = await startRun(verbs, { key: 'go', actor: 'slack:U01ANA' }, incident, plan('slow', [work]));
      await waitFor('the step to begin', () => lines('began').length === 1);
      return run;
    },
    async running() {
      const pids = lines('began').map((line) => Number(line.split(' ')[1]));
      return (await runningProcesses()).some((each) => pids.includes(each.pid) && each.name === 'node');
    },
    async states(run) {
      // The run comes first: what is read of its step after it is over was written with its end.
      const found = await findRun(pool, run.id);
      const [row] = await allSteps(pool, run.id);
      return { step: row?.state ?? 'none', error: row?.error ?? null, run: found?.state ?? 'none' };
    },
  };
}
