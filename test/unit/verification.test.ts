import { describe, expect, it } from 'vitest';
import { skipStep } from '../../src/domain/run/control.ts';
import type { StepResult } from '../../src/domain/run/model.ts';
import { withDigest } from '../../src/domain/plan/plan.ts';
import { aPlan, aStep, noop } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';

const restart = aStep('restart', { uses: 'command', side_effect: 'once' });
const health = aStep('health', { uses: 'http', side_effect: 'none', needs: ['restart'] });
const failed: StepResult = { kind: 'failed', error: 'http: connection refused (ECONNREFUSED)' };

const recovery = (...steps: ReturnType<typeof aStep>[]) =>
  new RunDriver(
    withDigest({ ...aPlan(steps.map((step) => ({ ...step, group: 'api' }))), kind: 'service', services: ['api'] }),
  );
const lastDoubts = (driver: RunDriver) => driver.events.find(({ kind }) => kind === 'run.unverified')?.data['doubts'];

describe('a run', () => {
  it('has succeeded when its check held after the last change', () => {
    const driver = recovery(restart, health);
    driver.end('restart');
    driver.end('health');
    expect(driver.run.state).toBe('succeeded');
  });

  it('ended, not verified, when somebody skipped its check', () => {
    const driver = recovery(restart, health);
    driver.end('restart');
    driver.end('health', failed);
    driver.command((view) => skipStep(view, 'slack:U01ANA', 'health', 'It lies'));
    expect(driver.run).toMatchObject({ state: 'unverified', reason: 'the check health was skipped' });
    expect(lastDoubts(driver)).toEqual(['the check health was skipped']);
  });

  it('is not verified either by a check that failed and was passed over, and says why it failed', () => {
    const driver = recovery(restart, { ...health, on_failure: 'continue' });
    driver.end('restart');
    driver.end('health', failed);
    expect(driver.run.state).toBe('unverified');
    expect(driver.run.reason).toBe('the check health failed: http: connection refused (ECONNREFUSED)');
  });

  it('that recovers a service is not verified by a check from before the change, nor by none', () => {
    const before = recovery({ ...health, needs: [] }, { ...restart, needs: ['health'] });
    before.end('health');
    before.end('restart');
    expect(before.run).toMatchObject({ state: 'unverified', reason: 'nothing checked api afterwards' });
    const none = recovery(restart);
    none.end('restart');
    expect(none.run.state).toBe('unverified');
  });

  it('is verified by what has to hold after its change, and a runbook that promises no check has succeeded', () => {
    const post = recovery({ ...restart, postconditions: [noop] });
    post.end('restart');
    expect(post.run.state).toBe('succeeded');
    const plain = new RunDriver(aPlan([restart]));
    plain.end('restart');
    expect(plain.run.state).toBe('succeeded');
  });
});
