import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { PlanStep } from '../../src/domain/run/model.ts';
import { firstBroken } from '../../src/domain/incident/timeline.ts';
import { allSteps, findRun } from '../../src/store/run/runs.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase } from '../support/database.ts';
import { spawnProgram, type SpawnedProgram } from '../support/process.ts';
import { plan, sh, step } from '../support/queue-plan.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

const CHILD = fileURLToPath(new URL('../support/worker-child.ts', import.meta.url));
const STEPS = 300;

/** A random graph: each step needs up to three of the twenty before it; the seed makes a failure repeatable. */
function randomSteps(file: string, random: () => number): PlanStep[] {
  return Array.from({ length: STEPS }, (_, n) => {
    const needs = Array.from({ length: Math.floor(random() * 4) }, () => n - 1 - Math.floor(random() * 20));
    const once = random() < 0.5;
    return step(`s${n}`, {
      ...(once ? sh(`echo s${n} >> ${file}`) : { uses: 'noop' as const, with: {} }),
      needs: [...new Set(needs)].filter((need) => need >= 0).map((need) => `s${need}`),
      side_effect: once ? 'once' : 'idempotent',
    });
  });
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

test(
  'a random plan of 300 steps, its worker killed again and again, does no once-step twice and loses none',
  { timeout: 120_000 },
  async () => {
    const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
    const random = seeded(seed);
    const database = await createTestDatabase();
    const pool = testPool(database.url);
    const folder = mkdtempSync(join(tmpdir(), 'lifeboat-kills-'));
    const file = join(folder, 'effects');
    let child: SpawnedProgram | undefined;
    onTestFinished(async () => {
      await child?.killTree();
      await pool.end();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    });
    const estate = await smallEstate();
    const verbs = { pool, estate: () => estate };
    const incident = await plainIncident(pool);
    let requests = 0;
    const by = () => ({ key: `r${(requests += 1)}`, actor: 'slack:U01ANA' });
    const steps = randomSteps(file, random);
    const run = await startRun(verbs, by(), incident, plan(`random ${seed}`, steps));
    const unknowns = new Set<string>();
    const finished = async () => (await findRun(pool, run.id))!.finished_at !== null;

    for (let kills = 0; !(await finished()); kills += 1) {
      child = spawnProgram(CHILD, [database.url, '-']);
      await child.line(/^ready/);
      // The moment of the kill is random on purpose: this is the one place where time itself is under test.
      const end = performance.now() + (kills < 8 ? 100 + random() * 700 : 60_000);
      while (performance.now() < end && !(await finished())) {
        for (const row of await allSteps(pool, run.id)) {
          if (row.state !== 'unknown') continue;
          unknowns.add(row.step_id);
          await controlRun(verbs, by(), incident, run.id, { kind: 'skip', step: row.step_id, reason: 'looked' });
        }
        await delay(60);
      }
      await child.killTree();
    }

    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    const done = (await allSteps(pool, run.id)).filter((row) => row.state === 'succeeded').map((row) => row.step_id);
    expect({ seed, doubled: lines.filter((line, index) => lines.indexOf(line) !== index) }).toEqual({
      seed,
      doubled: [],
    });
    const once = steps.filter((each) => each.side_effect === 'once').map((each) => each.id);
    const lost = once.filter((id) => !lines.includes(id) && !unknowns.has(id));
    expect({ seed, lost }).toEqual({ seed, lost: [] });
    expect(done.length + unknowns.size).toBe(STEPS);
    expect((await findRun(pool, run.id))!.state).toBe('succeeded');
    const events = await timelineOf(pool, incident);
    expect(firstBroken(incident, events)).toBeNull();
    // Never before its needs: each step's first start comes after the end of all that it needs.
    const at = (kind: RegExp, id: string) => events.findIndex((e) => kind.test(e.kind) && e.data.step === id);
    for (const each of steps) {
      const began = at(/^step\.started$/, each.id);
      for (const need of each.needs) expect(at(/^step\.(succeeded|skipped)$/, need)).toBeLessThan(began);
    }
  },
);
