import { describe, expect, it } from 'vitest';
import { pauseRun, resumeRun, retryStep, skipStep } from '../../src/domain/run/control.ts';
import type { StepResult } from '../../src/domain/run/model.ts';
import { aPlan, aStep } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';

const failed: StepResult = { kind: 'failed', error: 'no' };
const ana = 'slack:U01ANA';

describe('a person’s hand on a run', () => {
  it('cannot retry or skip a step that the run went on without: what needs it would begin too early', () => {
    const driver = new RunDriver(
      aPlan([aStep('a', { on_failure: 'continue' }), aStep('b'), aStep('c', { needs: ['a', 'b'] })]),
    );
    driver.end('a', failed);
    expect(() => driver.command((view) => retryStep(view, ana, 'a', 'why'))).toThrow(/went on without it/);
    expect(() => driver.command((view) => skipStep(view, ana, 'a', 'why'))).toThrow(/went on without it/);
    driver.end('b');
    driver.end('c');
    expect(driver.run.state).toBe('succeeded');
  });

  it('skips a held step without ending the pause of another person', () => {
    const driver = new RunDriver(aPlan([aStep('a'), aStep('b', { needs: ['a'] }), aStep('c', { needs: ['b'] })]));
    driver.command((view) => pauseRun(view, ana, 'wait for the network team'));
    driver.end('a');
    driver.command((view) => skipStep(view, ana, 'b', 'not needed'));
    expect(driver.run).toMatchObject({ state: 'paused', reason: 'wait for the network team' });
    expect(driver.state('c')).toBe('ready');
  });

  it('holds a paused run even when its last step ends', () => {
    const driver = new RunDriver(aPlan([aStep('a')]));
    driver.command((view) => pauseRun(view, ana, 'wait'));
    driver.end('a');
    expect(driver.run).toMatchObject({ state: 'paused', phase: 'main', finished_at: null });
    driver.command((view) => resumeRun(view, ana, null));
    expect(driver.run.state).toBe('succeeded');
  });

  it('asks a denied consent anew instead of skipping it', () => {
    const driver = new RunDriver(aPlan([aStep('consent', { uses: 'approval' }), aStep('cut', { needs: ['consent'] })]));
    expect(() => driver.command((view) => skipStep(view, ana, 'consent', 'why'))).toThrow(/nobody can skip/);
    driver.answer('3/consent/1', failed);
    expect(() => driver.command((view) => skipStep(view, ana, null, 'why'))).toThrow(/nobody can skip/);
    driver.command((view) => retryStep(view, ana, null, 'we talked'));
    expect(driver.asked.map((each) => each.id)).toEqual(['3/consent/2']);
    expect(driver.run.state).toBe('running');
  });

  it('names the steps when several need a decision, and goes on after the last', () => {
    const driver = new RunDriver(aPlan([aStep('a'), aStep('b'), aStep('c', { needs: ['a', 'b'] })]));
    driver.end('a', failed);
    driver.end('b', failed);
    expect(() => driver.command((view) => retryStep(view, ana, null, 'why'))).toThrow(
      /2 steps need a decision: `a`, `b`/,
    );
    driver.command((view) => skipStep(view, ana, 'a', 'by hand'));
    driver.command((view) => retryStep(view, ana, 'b', 'again'));
    expect(driver.run.state).toBe('running');
    driver.end('b');
    driver.end('c');
    expect(driver.run.state).toBe('succeeded');
  });

  it('repeats a step in doubt under a name of its own', () => {
    const driver = new RunDriver(aPlan([aStep('a', { side_effect: 'once' })]));
    driver.end('a', { kind: 'unknown', error: 'gone' });
    driver.command((view) => retryStep(view, ana, 'a', 'it did not happen'));
    expect(driver.waiting).toMatchObject([{ key: 'step:3:a:2', doubtful: false }]);
  });
});
