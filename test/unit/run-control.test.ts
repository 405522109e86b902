import { describe, expect, it } from 'vitest';
import { abortRun, pauseRun, resumeRun, retryStep, skipStep } from '../../src/domain/run/control.ts';
import type { StepResult } from '../../src/domain/run/model.ts';
import { aPlan, aStep, noop, threeTries } from '../support/domain-fixtures.ts';
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

describe('what may have happened', () => {
  const stopped: StepResult = { kind: 'unknown', error: 'stopped after 900 ms; it may have done part of its work' };
  const begun = (more: Parameters<typeof aStep>[1] = {}) => {
    const driver = new RunDriver(aPlan([aStep('promote', more)]));
    const effect = driver.waiting[0]!;
    return { driver, effect, fence: driver.take(effect) };
  };

  it.each([
    ['unknown', { side_effect: 'once' }, stopped],
    ['unknown', { side_effect: 'idempotent' }, stopped],
    ['timed_out', { side_effect: 'idempotent' }, { kind: 'timed_out', error: 'late' }],
    ['failed', { side_effect: 'once' }, { kind: 'failed', error: 'postcondition 1: no', happened: true }],
    ['cancelled', { side_effect: 'once' }, failed],
    ['cancelled', { side_effect: 'none' }, stopped],
  ] as const)('is %s after an abort, of a step %j that reports %j', (state, more, result) => {
    const { driver, effect, fence } = begun(more);
    driver.command((view) => abortRun(view, ana, 'stop'));
    driver.report({ effect, fence, result });
    expect([driver.state('promote'), driver.run.state]).toEqual([state, 'aborted']);
  });

  it('stays unknown when a run is aborted that a person had paused before the next attempt', () => {
    const { driver, effect, fence } = begun({ retry: threeTries });
    driver.pause(ana, 'wait');
    driver.report({ effect, fence, result: { kind: 'timed_out', error: 'late' } });
    expect(driver.state('promote')).toBe('ready');
    driver.command((view) => abortRun(view, ana, 'stop'));
    expect(driver.rows.get('promote')).toMatchObject({ state: 'unknown', error: expect.stringContaining('late') });
  });

  it.each([
    ['whose postcondition failed', { kind: 'failed', error: 'postcondition 1: no', happened: true }],
    ['that timed out', { kind: 'timed_out', error: 'late' }],
  ] as const)('is undone: a step %s', (_words, result) => {
    const { driver, effect, fence } = begun({ side_effect: 'once', on_failure: 'rollback', rollback: noop });
    driver.report({ effect, fence, result });
    expect(driver.waiting.map((each) => each.step)).toEqual(['promote:rollback']);
  });

  it('is undone: a step that a person skipped in doubt, and one whose earlier attempt timed out', () => {
    const undo = { rollback: noop };
    const driver = new RunDriver(
      aPlan([
        aStep('lost', { side_effect: 'once', ...undo }),
        aStep('tried', { retry: { ...threeTries, max_attempts: 2 }, on_failure: 'continue', ...undo }),
        aStep('never', { on_failure: 'continue', ...undo }),
        aStep('break', { needs: ['lost', 'tried', 'never'], on_failure: 'rollback' }),
      ]),
    );
    driver.end('lost', stopped);
    driver.command((view) => skipStep(view, ana, 'lost', 'nobody knows'));
    driver.end('tried', { kind: 'timed_out', error: 'late' });
    driver.end('tried', failed);
    driver.end('never', failed);
    driver.end('break', failed);
    const undone = driver.events.find((each) => each.kind === 'run.rolling_back')?.data['steps'];
    expect(undone).toEqual(['tried', 'lost']);
  });

  it('and still runs is not tried again beside it', () => {
    const { driver, effect, fence } = begun({ retry: threeTries });
    driver.report({ effect, fence, result: { ...stopped, running: true } });
    expect([driver.state('promote'), driver.run.state]).toEqual(['unknown', 'paused']);
  });
});

describe('a pause', () => {
  it('keeps a failed step from being tried again by itself, and lets the run go on with its next attempt', () => {
    const driver = new RunDriver(aPlan([aStep('a', { retry: threeTries })]));
    const effect = driver.waiting[0]!;
    const fence = driver.take(effect);
    driver.pause(ana, 'hold everything');
    driver.report({ effect, fence, result: failed });
    expect([driver.state('a'), driver.waiting, driver.run.active]).toEqual(['ready', [], 0]);
    driver.command((view) => resumeRun(view, ana, null));
    expect(driver.waiting).toMatchObject([{ step: 'a', attempt: 2 }]);
    driver.end('a', failed);
    driver.end('a', failed);
    expect(driver.state('a')).toBe('failed');
  });

  it('takes back what no worker has begun, first attempts and retries, without losing an attempt', () => {
    const driver = new RunDriver(aPlan([aStep('a', { retry: threeTries }), aStep('b'), aStep('c')]));
    driver.end('a', failed);
    const effect = driver.waiting.find((each) => each.step === 'c')!;
    const fence = driver.take(effect);
    driver.pause(ana, 'hold everything');
    expect(driver.waiting).toEqual([]);
    expect(['a', 'b', 'c'].map((id) => driver.state(id))).toEqual(['ready', 'ready', 'running']);
    driver.report({ effect, fence, result: { kind: 'succeeded', output: null } });
    driver.command((view) => resumeRun(view, ana, null));
    expect(driver.waiting).toMatchObject([
      { step: 'a', attempt: 2 },
      { step: 'b', attempt: 1 },
    ]);
    driver.end('a');
    driver.end('b');
    expect(driver.run.state).toBe('succeeded');
  });
});
