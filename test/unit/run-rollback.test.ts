import { describe, expect, it } from 'vitest';
import { abortRun, pauseRun, resumeRun, retryStep, skipStep } from '../../src/domain/run/control.ts';
import type { StepResult } from '../../src/domain/run/model.ts';
import { aPlan, aStep, noop, threeTries } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';

const failed: StepResult = { kind: 'failed', error: 'no' };
const undo = { rollback: noop };

/** a and b can be undone, c cannot, and `break` rolls back. */
function broken(): RunDriver {
  const steps = [aStep('a', undo), aStep('b', undo), aStep('c'), aStep('break', { on_failure: 'rollback', ...undo })];
  const driver = new RunDriver(aPlan(steps, [aStep('tidy', { retry: threeTries }), aStep('sweep')]));
  driver.end('b');
  driver.end('a');
  driver.end('c');
  driver.end('break', failed);
  return driver;
}

describe('rolling back', () => {
  it('undoes what succeeded and can be undone, what finished last first, and then cleans up in order', () => {
    const driver = broken();
    const order: string[] = [];
    while (driver.waiting.length > 0) {
      expect(driver.waiting.length).toBe(1);
      order.push(driver.waiting[0]!.step);
      driver.end(order.at(-1)!);
    }
    expect(order).toEqual(['a:rollback', 'b:rollback', 'tidy', 'sweep']);
    expect(driver.run.state).toBe('rolled_back');
  });

  it('waits for what is under way and undoes that too', () => {
    const driver = new RunDriver(
      aPlan([
        aStep('slow', undo),
        aStep('break', { on_failure: 'rollback' }),
        aStep('next', { needs: ['slow'], ...undo }),
      ]),
    );
    driver.end('break', failed);
    expect(driver.run.phase).toBe('main');
    driver.end('slow');
    expect(driver.state('next')).toBe('cancelled');
    expect(driver.waiting.map((each) => each.step)).toEqual(['slow:rollback']);
  });

  it('tries to undo a step three times and then asks a person, who may retry or skip it', () => {
    const driver = broken();
    for (let attempt = 1; attempt <= 3; attempt += 1) driver.end('a:rollback', failed);
    expect(driver.run).toMatchObject({ state: 'paused', phase: 'rollback' });
    expect(() => driver.command((view) => resumeRun(view, 'slack:U01ANA', null))).toThrow('a:rollback');
    driver.command((view) => retryStep(view, 'slack:U01ANA', null, 'once more'));
    expect(driver.run.state).toBe('running');
    for (let attempt = 4; driver.state('a:rollback') === 'running'; attempt += 1) driver.end('a:rollback', failed);
    driver.command((view) => skipStep(view, 'slack:U01ANA', 'a:rollback', 'done by hand'));
    expect(driver.waiting.map((each) => each.step)).toEqual(['b:rollback']);
  });

  it('leaves the steps of the phase before alone, whatever a person asks', () => {
    const driver = broken();
    for (const command of [retryStep, skipStep]) {
      expect(() => driver.command((view) => command(view, 'slack:U01ANA', 'break', 'why'))).toThrow(/went on without/);
    }
  });

  it('stops when it is aborted, and still cleans up', () => {
    const driver = broken();
    driver.command((view) => abortRun(view, 'slack:U01ANA', 'enough'));
    driver.end('a:rollback', { kind: 'failed', error: 'aborted' });
    expect(driver.state('a:rollback')).toBe('cancelled');
    expect(driver.state('b:rollback')).toBe('cancelled');
    driver.end('tidy');
    driver.end('sweep');
    expect(driver.run.state).toBe('aborted');
  });
});

describe('clean-up', () => {
  it('is tried as often as its step says, also after an abort', () => {
    const driver = new RunDriver(aPlan([aStep('a')], [aStep('tidy', { retry: threeTries }), aStep('sweep')]));
    driver.command((view) => abortRun(view, 'slack:U01ANA', 'enough'));
    driver.end('a', failed);
    driver.end('tidy', failed);
    driver.end('tidy', failed);
    driver.end('tidy', failed);
    expect(driver.state('tidy')).toBe('failed');
    driver.end('sweep');
    expect(driver.run.state).toBe('aborted');
  });

  it('that is aborted itself gives up the step under way and goes on with the next', () => {
    const last = [aStep('stuck', { retry: threeTries }), aStep('person', { uses: 'manual' }), aStep('sweep')];
    const driver = new RunDriver(aPlan([], last));
    driver.command((view) => abortRun(view, 'slack:U01ANA', 'it hangs'));
    expect(driver.waiting[0]).toMatchObject({ step: 'stuck', called_back: true });
    driver.end('stuck', failed);
    expect(driver.state('stuck')).toBe('cancelled');
    driver.command((view) => abortRun(view, 'slack:U01ANA', 'nobody there'));
    expect(driver.state('person')).toBe('cancelled');
    expect(driver.waiting[0]).toMatchObject({ step: 'sweep', called_back: false });
    driver.end('sweep');
    expect(driver.run.state).toBe('aborted');
  });

  it('pauses and goes on like the rest', () => {
    const driver = new RunDriver(aPlan([], [aStep('tidy'), aStep('sweep')]));
    driver.command((view) => pauseRun(view, 'slack:U01ANA', 'wait'));
    driver.end('tidy', failed);
    expect(driver.waiting).toEqual([]);
    driver.command((view) => resumeRun(view, 'slack:U01ANA', null));
    driver.end('sweep');
    expect(driver.run.state).toBe('succeeded');
  });
});

describe('a run that ends while something is under way', () => {
  it('can be paused and resumed, and its failed step is over', () => {
    const driver = new RunDriver(aPlan([aStep('slow'), aStep('a', { on_failure: 'fail' })], [aStep('tidy')]));
    driver.end('a', failed);
    driver.command((view) => pauseRun(view, 'slack:U01ANA', 'wait'));
    driver.end('slow');
    expect(() => driver.command((view) => retryStep(view, 'slack:U01ANA', 'a', 'why'))).toThrow(/went on without/);
    driver.command((view) => resumeRun(view, 'slack:U01ANA', null));
    driver.end('tidy');
    expect(driver.run.state).toBe('failed');
  });

  it('repeats nothing in its main part', () => {
    const driver = new RunDriver(aPlan([aStep('slow', { retry: threeTries }), aStep('a', { on_failure: 'fail' })]));
    driver.end('a', failed);
    driver.end('slow', failed);
    expect(driver.run.state).toBe('failed');
  });
});
