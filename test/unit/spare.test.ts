import { describe, expect, it } from 'vitest';
import type { Estate, HealthCheck, Service } from '../../src/domain/estate/model.ts';
import { lookOf, type Health } from '../../src/domain/health/look.ts';
import { adviseRecovery } from '../../src/domain/plan/advise-recovery.ts';
import { describeStep } from '../../src/domain/plan/describe-step.ts';
import { planRecovery } from '../../src/domain/plan/recovery-plan.ts';
import { pauseRun, resumeRun } from '../../src/domain/run/control.ts';
import { anEstate, aRunbook, aService, aStep, needsService } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';

const check = (id: string, over: Partial<HealthCheck> = {}): HealthCheck => ({
  ...{ id, uses: 'tcp', with: { host: 'db.example.com', port: 5432 }, timeout: 5000, every: 1, failure_limit: 1 },
  ...over,
});
const restart = aRunbook('restart', {
  steps: [
    aStep('note', { side_effect: 'none' }),
    aStep('stop', { needs: ['note'] }),
    aStep('start', { needs: ['stop'] }),
    aStep('wait', { needs: ['start'], uses: 'tcp', side_effect: 'none' }),
  ],
});
const estateOf = (services: Record<string, Partial<Service>>, over: Partial<Estate> = {}): Estate =>
  anEstate({
    runbooks: { restart },
    services: Object.fromEntries(
      Object.entries(services).map(([name, each]) => [name, aService({ recover: 'restart', ...each })]),
    ),
    ...over,
  });
const shop = estateOf({
  database: { checks: [check('up')] },
  api: { checks: [check('up')], depends_on: [needsService('database')] },
});
const sick: Record<string, Health> = { database: 'unhealthy', api: 'unhealthy' };
const lookedAt = (plan: ReturnType<typeof planRecovery>) => plan.steps.filter(({ look }) => look).map(({ id }) => id);
const healthy = { kind: 'spared', error: 'api is healthy by now (up green)' } as const;

describe('a recovery looks again', () => {
  it('at each service right before its first change, and shows that to whoever approves', () => {
    const plan = planRecovery(shop, 'api', sick);
    expect(lookedAt(plan)).toEqual(['database/stop', 'api/stop']);
    const lines = describeStep(
      plan.steps.find(({ id }) => id === 'api/stop')!,
      (text) => [{ value: text }],
    );
    expect(lines.join('\n')).toMatch(
      /looks at api first, and leaves it alone when all of this holds\n.*up: tcp\n.*host/,
    );
  });

  it('not at one that is to be recovered anyway, and by a step of its own where several could be first', () => {
    expect(lookedAt(planRecovery(shop, 'api', sick, { anyway: true }))).toEqual(['database/stop']);
    const two = aRunbook('restart', { steps: [aStep('left'), aStep('right')] });
    const plan = planRecovery({ ...shop, runbooks: { restart: two } }, 'database', {});
    expect(lookedAt(plan)).toEqual(['look:database']);
    expect(plan.steps.filter(({ id }) => id !== 'look:database').map(({ needs }) => needs)).toEqual([
      ['look:database'],
      ['look:database'],
    ]);
  });

  it('and leaves one alone that its dependency mended: what follows is left out, and the run has succeeded', () => {
    const driver = new RunDriver(planRecovery(shop, 'api', sick));
    for (const step of ['note', 'stop', 'start', 'wait']) driver.end(`database/${step}`);
    driver.end('api/note');
    driver.end('api/stop', healthy);
    expect(['stop', 'start', 'wait'].map((step) => driver.state(`api/${step}`))).toEqual(Array(3).fill('skipped'));
    expect(driver.count('step.spared')).toBe(3);
    expect(driver.run.state).toBe('succeeded');
    expect([...driver.touched]).not.toContain('api/stop');
  });

  it('and what waits for a service that was left alone goes on, also after a pause', () => {
    const driver = new RunDriver(planRecovery(shop, 'api', sick));
    driver.end('database/note');
    driver.command((view) => pauseRun(view, 'slack:U01ANA', 'Wait'));
    driver.end('database/stop', { ...healthy, error: 'database is healthy by now' });
    expect(driver.state('api/note')).toBe('ready');
    driver.command((view) => resumeRun(view, 'slack:U01ANA', null));
    expect(driver.state('api/note')).toBe('running');
  });
});

describe('what a recovery asks people first', () => {
  const green = (service: string) => lookOf(service, [{ id: 'up', state: 'green', reason: null }]);
  const red = (service: string, id: string) => lookOf(service, [{ id, state: 'red', reason: '3 pages are broken' }]);

  it('is whether a healthy service shall be touched', () => {
    expect(adviseRecovery(shop, 'api', [green('api')])).toMatchObject({ kind: 'healthy', seen: 'up' });
    expect(adviseRecovery(shop, 'api', [red('api', 'up')])).toBeNull();
    expect(adviseRecovery(shop, 'api', [])).toBeNull();
  });

  it('is a restore where data is damaged: the runbook of the service, else of the estate, with the inputs it needs', () => {
    const restore = aRunbook('restore', { inputs: { service: { type: 'service' }, archive: { type: 'string' } } });
    const quick = aRunbook('quick', { inputs: { service: { type: 'service' } } });
    const services = {
      database: { checks: [check('pages', { of: 'data' as const })] },
      api: { depends_on: [needsService('database')] },
    };
    const damaged = [green('api'), red('database', 'pages')];
    const runbooks = { restart, restore, quick };
    expect(adviseRecovery(estateOf(services, { runbooks, restore: 'restore' }), 'api', damaged)).toEqual({
      ...{ kind: 'data', on: 'database', seen: 'pages: 3 pages are broken' },
      ...{ restore: '/dr run restore service=database archive=…', runbook: null },
    });
    const own = { ...services, database: { ...services.database, restore: 'quick' } };
    expect(adviseRecovery(estateOf(own, { runbooks, restore: 'restore' }), 'api', damaged)).toMatchObject({
      ...{ restore: '/dr run quick service=database', runbook: 'quick' },
    });
    expect(adviseRecovery(estateOf(services), 'api', damaged)).toMatchObject({ kind: 'data', restore: null });
  });
});
