import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/domain/estate/model.ts';
import type { Health } from '../../src/domain/health/look.ts';
import { planRecovery, strongClosure } from '../../src/domain/plan/recovery-plan.ts';
import type { Plan } from '../../src/domain/run/model.ts';
import { anEstate, aRunbook, aService, aStep, needsService, noop } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';

const restart = aRunbook('restart', {
  inputs: { service: { type: 'service' } },
  steps: [
    aStep('look'),
    aStep('start', {
      needs: ['look'],
      with: { said: '${{ steps.look.output.x }} ${{ inputs.service }}' },
      rollback: noop,
    }),
    aStep('count', { needs: ['look'], probe: { ...noop, with: { n: '${{ steps.look.output[inputs.service] }}' } } }),
  ],
  finally: [aStep('tidy')],
});

const deps = (...names: string[]): Partial<Service> => ({
  depends_on: names.map((name) => (name.endsWith('?') ? needsService(name.slice(0, -1), 'weak') : needsService(name))),
});

/** shop → api → database → disk; shop → cache (no runbook) → disk; shop needs mail weakly. */
const estate = anEstate({
  runbooks: { restart },
  services: {
    shop: aService({ ...deps('api', 'cache', 'mail?'), recover: 'restart', name: 'The shop', rto: 99 }),
    api: aService({ ...deps('database'), recover: 'restart' }),
    database: aService({ ...deps('disk'), recover: 'restart' }),
    cache: aService(deps('disk')),
    mail: aService({ recover: 'restart' }),
    disk: aService({ recover: 'restart' }),
  },
});

const recover = (health: Record<string, Health> = {}): Plan => planRecovery(estate, 'shop', health);
const needs = (plan: Plan, id: string): string[] => plan.steps.find((step) => step.id === id)!.needs;

describe('the recovery of a service', () => {
  it('comes after all its strong dependencies that nobody calls healthy; weak ones are left out', () => {
    const plan = recover();
    expect(plan.services).toEqual(['disk', 'database', 'api', 'shop']);
    expect(plan).toMatchObject({ kind: 'service', target: 'shop', title: 'Recover The shop', rto: 99 });
    expect(needs(plan, 'api/look')).toEqual(['database/start', 'database/count']);
    expect(plan.finally.map((step) => step.id)).toEqual(['disk/tidy', 'database/tidy', 'api/tidy', 'shop/tidy']);
    expect(new Set(plan.steps.map((step) => step.id)).size).toBe(12);
    expect(plan.steps.filter((step) => step.group === 'disk')).toHaveLength(3);
  });

  it('leaves a healthy dependency alone with all behind it, unless another way leads there', () => {
    expect(recover({ api: 'healthy', cache: 'healthy' }).services).toEqual(['shop']);
    expect(recover({ api: 'healthy', cache: 'unhealthy' }).services).toEqual(['disk', 'cache', 'shop']);
    expect(recover({ disk: 'healthy' }).services).toEqual(['database', 'api', 'shop']);
  });

  it('reaches what is broken behind a service that nobody can check or mend, and waits for it', () => {
    const plan = recover({ api: 'healthy', disk: 'unhealthy' });
    expect(plan.services).toEqual(['disk', 'shop']);
    expect(needs(plan, 'shop/look')).toEqual(['disk/start', 'disk/count']);
  });

  it('makes a person’s task of an unhealthy dependency without a runbook', () => {
    const plan = recover({ api: 'healthy', cache: 'unhealthy', disk: 'healthy' });
    expect(plan.steps[0]).toMatchObject({ id: 'cache/by-hand', uses: 'manual', needs: [], group: 'cache' });
    expect(needs(plan, 'shop/look')).toEqual(['cache/by-hand']);
  });

  it('renames steps and what is read of them, and puts each service into its own part', () => {
    const [, start, count] = recover().steps;
    expect(start?.with).toEqual({ said: "${{ steps['disk/look'].output.x }} disk" });
    expect(count?.probe?.with).toEqual({ n: "${{ steps['disk/look'].output.disk }}" });
  });

  it('of one service alone keeps the names of its runbook', () => {
    const plan = recover({ api: 'healthy', cache: 'healthy' });
    expect(plan.steps.map((step) => step.id)).toEqual(['look', 'start', 'count']);
    expect(plan.steps[1]?.with).toEqual({ said: '${{ steps.look.output.x }} shop' });
  });

  it('says what is missing', () => {
    expect(() => planRecovery(estate, 'cache', {})).toThrow('names no runbook');
    expect(() => planRecovery(estate, 'constructor', {})).toThrow('no service `constructor`');
  });

  it('has another digest for another health', () => {
    const digests = [recover(), recover({ disk: 'healthy' }), recover({ api: 'healthy' })].map((plan) => plan.digest);
    expect(new Set(digests).size).toBe(3);
    expect(recover({ disk: 'unhealthy' }).digest).toBe(digests[0]);
  });

  it('looks at everything strong before it plans', () => {
    expect(strongClosure(estate, 'shop')).toEqual(['disk', 'database', 'api', 'cache', 'shop']);
  });

  it('runs from the deepest dependency to the service', () => {
    const driver = new RunDriver(recover());
    const ended: string[] = [];
    while (driver.waiting.length > 0) {
      ended.push(driver.waiting[0]!.step);
      driver.end(ended.at(-1)!);
    }
    expect(driver.run.state).toBe('unverified'); // none of its steps looks
    expect(ended.map((id) => id.split('/')[0]).filter((name, n, all) => name !== all[n - 1])).toEqual([
      'disk',
      'database',
      'api',
      'shop',
      'disk',
      'database',
      'api',
      'shop',
    ]);
  });
});
