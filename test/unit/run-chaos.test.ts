import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanStep } from '../../src/domain/run/model.ts';
import { aPlan, aStep, noop, random, randomSteps, threeTries, type Random } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';
import { stepIn } from '../support/run-invariants.ts';
import { RunWorld } from '../support/run-world.ts';

/** A step of any kind with any policy. */
function anything(chance: Random): Partial<PlanStep> {
  const uses = chance.pick(['noop', 'noop', 'noop', 'command', 'approval', 'manual', 'wait', 'notify'] as const);
  const worker = uses === 'noop' || uses === 'command';
  return {
    uses,
    with: uses === 'wait' ? { duration: 1000 } : { on_timeout: chance.pick(['pause', 'fail']) },
    side_effect: worker ? chance.pick(['none', 'idempotent', 'once']) : 'none',
    on_failure: chance.pick(['pause', 'pause', 'fail', 'continue', 'continue', 'rollback']),
    ...(worker && chance.chance(0.5) && { retry: threeTries }),
    ...(worker && chance.chance(0.5) && { rollback: noop }),
  };
}

function wildRun(seed: number, size: number, options: { trouble?: number; commands?: number }): RunWorld {
  const chance = random(seed);
  const last = ['tidy', 'sweep', 'lock'].map((id) => aStep(id, anything(chance)));
  const driver = new RunDriver(
    aPlan(
      randomSteps(size, chance, () => anything(chance)),
      last,
    ),
  );
  driver.tick = () => 1 + chance.below(1000);
  const world = new RunWorld(driver, chance, options);
  world.live(size * 20);
  return world;
}

function began({ driver }: RunWorld): string[] {
  return driver.events.filter((each) => each.kind === 'step.started').map(stepIn);
}

function heldRules(world: RunWorld): void {
  const { driver } = world;
  const rows = [...driver.rows.values()];
  const { plan } = driver.index;
  const ends = driver.events.filter((each) =>
    /^run\.(succeeded|unverified|failed|aborted|rolled_back)$/.test(each.kind),
  );
  expect(ends.map((each) => each.kind)).toEqual([`run.${driver.run.state}`]);
  for (const { step_id, state } of rows) {
    expect(driver.count('step.succeeded', step_id)).toBe(state === 'succeeded' ? 1 : 0);
    if (driver.index.step(step_id).uses === 'approval') expect(state).not.toBe('skipped');
  }
  if (driver.run.state === 'succeeded') {
    const open = rows.filter((row) => row.phase === 'main' && !['succeeded', 'skipped'].includes(row.state));
    expect(open.filter((row) => driver.index.step(row.step_id).on_failure !== 'continue')).toEqual([]);
  }
  const firstOfEach = [...new Set(began(world))];
  const last = plan.finally.map((step) => step.id);
  expect(firstOfEach.slice(-last.length)).toEqual(last);
  for (const id of last) {
    // Begun once, and once more after each pause that held it.
    const again = driver.count('step.held', id);
    expect([again, again + 1]).toContain(driver.count('step.started', id));
  }
  expect(driver.asked).toEqual([]);
}

function undoneRules({ driver }: RunWorld): void {
  const undone = [...driver.rows.values()].filter((row) => row.phase === 'rollback');
  const rolled = driver.events.find((each) => each.kind === 'run.rolling_back');
  if (!rolled) return expect(undone).toEqual([]);
  const touched = [...driver.touched].filter(
    (id) => driver.rows.get(id)?.phase === 'main' && driver.index.step(id).rollback,
  );
  expect([...(rolled.data['steps'] as string[])].sort()).toEqual(touched.sort());
  const at = (id: string): number => driver.rows.get(id)!.finished_at!.getTime();
  const times = (rolled.data['steps'] as string[]).map(at);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(undone.sort((a, b) => a.ord - b.ord).map((row) => row.step_id)).toEqual(
    (rolled.data['steps'] as string[]).map((id) => `${id}:rollback`),
  );
}

describe('any run', () => {
  it('keeps its promises when steps of every kind fail, time out or end in doubt and workers die', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 25 }), (seed, size) => {
        const world = wildRun(seed, size, { trouble: 0.15 });
        heldRules(world);
        undoneRules(world);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps them when people pause, resume, skip, retry and abort at any moment', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 25 }), (seed, size) => {
        const world = wildRun(seed, size, { trouble: 0.15, commands: 0.2 });
        heldRules(world);
        undoneRules(world);
        for (const error of world.refused) expect(error.fix, error.message).toBeTruthy();
      }),
      // An undo that failed after an abort, in a run that somebody had paused, must not be tried again.
      { numRuns: 600, examples: [[645629807, 11]] },
    );
  });

  it('ends in each of the four ways, with every kind of refusal on the way', () => {
    const ways = new Set<string>();
    const codes = new Set<string>();
    for (let seed = 0; seed < 300; seed += 1) {
      const world = wildRun(seed, 15, { trouble: 0.3, commands: 0.4 });
      ways.add(world.driver.run.state);
      for (const error of world.refused) codes.add(error.code);
    }
    expect([...ways].sort()).toEqual(['aborted', 'failed', 'rolled_back', 'succeeded']);
    expect([...codes].sort()).toEqual(['ambiguous', 'conflict']);
  });
});
