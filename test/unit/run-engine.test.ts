import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../src/domain/run/model.ts';
import { aPlan, aStep, random, randomSteps, threeTries, type Random } from '../support/domain-fixtures.ts';
import { RunDriver, type Report } from '../support/run-driver.ts';

const succeeded: StepResult = { kind: 'succeeded', output: null };
const failed: StepResult = { kind: 'failed', error: 'no' };

/** Workers that take, finish in any order, die together, and report again what they reported before. */
function work(driver: RunDriver, chance: Random, crashes: number): void {
  const under: Report[] = [];
  const old: Report[] = [];
  let left = crashes;
  while (driver.run.finished_at === null) {
    const waiting = driver.waiting;
    if (waiting.length > 0 && (under.length === 0 || chance.chance(0.5))) {
      const effect = chance.pick(waiting);
      under.push({ effect, fence: driver.take(effect), result: succeeded });
    } else if (left > 0 && chance.chance(0.05)) {
      left -= 1;
      driver.crash();
      old.push(...under.splice(0));
    } else {
      const batch = chance.shuffled(under.splice(0, 1 + chance.below(4)));
      driver.report(...batch);
      if (chance.chance(0.1)) driver.report(...batch, ...old);
    }
  }
}

describe('a run where everything works', () => {
  it('does each of a thousand steps once and after its needs, whoever finishes first and whenever all workers die', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chance = random(seed);
        const driver = new RunDriver(aPlan(randomSteps(1000, chance), [aStep('tidy'), aStep('sweep')]));
        work(driver, chance, 20);
        expect(driver.run.state).toBe('succeeded');
        expect(driver.count('step.succeeded')).toBe(1002);
        expect([...driver.rows.values()].every((row) => row.state === 'succeeded' && row.attempt === 1)).toBe(true);
        expect(driver.count('run.succeeded')).toBe(1);
      }),
      { numRuns: 6 },
    );
  });

  it('loads the whole run only when a phase ends, however many steps there are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 10, max: 200 }), (seed, size) => {
        const driver = new RunDriver(aPlan(randomSteps(size, random(seed))));
        while (driver.waiting.length > 0) driver.end(driver.waiting[0]!.step);
        expect(driver.run.state).toBe('succeeded');
        expect(driver.wholeLoads).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it('ends a plan without steps at once, after its clean-up', () => {
    expect(new RunDriver(aPlan([])).run.state).toBe('succeeded');
    const driver = new RunDriver(aPlan([], [aStep('tidy')]));
    expect(driver.run).toMatchObject({ state: 'running', phase: 'finally' });
    driver.end('tidy');
    expect(driver.run.state).toBe('succeeded');
  });

  it('starts a step whose needs end in one transaction once', () => {
    const driver = new RunDriver(aPlan([aStep('a'), aStep('b'), aStep('c', { needs: ['a', 'b'] })]));
    driver.report(...driver.waiting.map((effect) => ({ effect, fence: driver.take(effect), result: succeeded })));
    expect(driver.count('step.started', 'c')).toBe(1);
    expect(driver.waiting.map((each) => each.key)).toEqual(['step:3:c:1']);
  });
});

describe('a step that fails', () => {
  it('is repeated with growing pauses until its tries are used up, and forgets the error once it works', () => {
    const driver = new RunDriver(aPlan([aStep('a', { retry: threeTries })]));
    driver.end('a', failed);
    driver.end('a', failed);
    expect(driver.rows.get('a')).toMatchObject({ state: 'running', attempt: 3, error: 'no' });
    driver.end('a');
    expect(driver.rows.get('a')).toMatchObject({ state: 'succeeded', attempt: 3, error: null });
    expect(driver.events.flatMap((each) => each.data['pause_ms'] ?? [])).toEqual([1000, 2000]);
    expect(driver.run.state).toBe('succeeded');
  });

  it.each([
    ['once', { kind: 'failed', error: 'no' }, 'running'],
    ['once', { kind: 'failed', error: 'no', happened: true }, 'failed'],
    ['once', { kind: 'timed_out', error: 'late' }, 'timed_out'],
    ['once', { kind: 'unknown', error: 'gone' }, 'unknown'],
    ['idempotent', { kind: 'timed_out', error: 'late' }, 'running'],
    ['idempotent', { kind: 'unknown', error: 'gone' }, 'running'],
    ['none', { kind: 'failed', error: 'no', happened: true }, 'running'],
  ] as const)(
    'with side effect %s repeats after %o only when a repeat is harmless: %s',
    (side_effect, result, state) => {
      const driver = new RunDriver(aPlan([aStep('a', { side_effect, retry: threeTries })]));
      driver.end('a', result);
      expect(driver.state('a')).toBe(state);
      expect(driver.run.state).toBe(state === 'running' ? 'running' : 'paused');
    },
  );

  it.each(['approval', 'manual'] as const)('that is a person’s (%s) is never handed to a worker', (uses) => {
    const driver = new RunDriver(aPlan([aStep('a', { uses, retry: threeTries })]));
    driver.answer('3/a/1', failed);
    expect(driver.state('a')).toBe('failed');
    expect(driver.waiting).toEqual([]);
    expect(driver.run.state).toBe('paused');
  });

  it('pauses the run, and what is under way ends without starting more', () => {
    const driver = new RunDriver(aPlan([aStep('a'), aStep('b'), aStep('c', { needs: ['b'] })]));
    driver.end('a', failed);
    driver.end('b');
    expect(driver.run).toMatchObject({ state: 'paused', active: 0, remaining: 2 });
    expect(driver.state('c')).toBe('ready');
  });

  it.each(['failed', 'timed_out'] as const)('and may continue counts as over when it %s', (kind) => {
    const driver = new RunDriver(aPlan([aStep('a', { on_failure: 'continue' }), aStep('b', { needs: ['a'] })]));
    driver.end('a', { kind, error: 'no' });
    driver.end('b');
    expect(driver.run.state).toBe('succeeded');
    expect(driver.state('a')).toBe(kind);
  });

  it('in doubt pauses even a run that may continue', () => {
    const driver = new RunDriver(aPlan([aStep('a', { on_failure: 'continue', side_effect: 'once' })]));
    driver.end('a', { kind: 'unknown', error: 'gone' });
    expect(driver.run.state).toBe('paused');
  });
});

describe('consent', () => {
  it.each(['pause', 'fail', 'continue', 'rollback'] as const)(
    'denied never lets the next step begin (%s)',
    (policy) => {
      const consent = aStep('consent', { uses: 'approval', on_failure: policy });
      const driver = new RunDriver(aPlan([consent, aStep('cut', { needs: ['consent'] })]));
      driver.answer('3/consent/1', { kind: 'failed', error: 'denied' });
      expect(driver.count('step.started', 'cut')).toBe(0);
      expect(driver.run.state).toBe(
        { pause: 'paused', continue: 'paused', fail: 'failed', rollback: 'rolled_back' }[policy],
      );
    },
  );

  it.each([
    ['pause', 'paused'],
    ['fail', 'failed'],
  ])('that nobody gave in time follows on_timeout: %s', (on_timeout, state) => {
    const consent = aStep('consent', { uses: 'approval', on_failure: 'continue', with: { on_timeout, timeout: 1000 } });
    const driver = new RunDriver(aPlan([consent, aStep('cut', { needs: ['consent'] })]));
    expect(driver.asked[0]).toMatchObject({ on_timeout, expires_at: new Date(driver.run.started_at.getTime() + 1000) });
    driver.answer('3/consent/1', { kind: 'timed_out', error: 'late' });
    expect(driver.run.state).toBe(state);
    expect(driver.count('step.started', 'cut')).toBe(0);
  });

  it('nobody waits for any more when the run fails elsewhere', () => {
    const driver = new RunDriver(aPlan([aStep('consent', { uses: 'approval' }), aStep('a', { on_failure: 'fail' })]));
    driver.end('a', failed);
    expect(driver.state('consent')).toBe('cancelled');
    expect(driver.asked).toEqual([]);
    expect(driver.run.state).toBe('failed');
  });
});

describe('the clock’s steps', () => {
  it('wait for their time, a notice for none', () => {
    const driver = new RunDriver(
      aPlan([
        aStep('pause', { uses: 'wait', with: { duration: 90_000 } }),
        aStep('tell', { uses: 'notify', with: { message: 'hi' } }),
      ]),
    );
    const due = driver.waiting.map(({ key, intent }) => [
      key,
      intent.due_at!.getTime() - driver.run.started_at.getTime(),
    ]);
    expect(due).toEqual([
      ['wake:3:pause:1', 90_000],
      ['wake:3:tell:1', 0],
    ]);
  });
});
