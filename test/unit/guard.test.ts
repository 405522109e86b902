import { describe, expect, it } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { abortRun } from '../../src/domain/run/control.ts';
import type { Plan, PlanStep } from '../../src/domain/run/model.ts';
import { planRunbook } from '../../src/domain/plan/plan.ts';
import { planRecovery } from '../../src/domain/plan/recovery-plan.ts';
import { anEstate, aRunbook, aService, aStep, needsService } from '../support/domain-fixtures.ts';
import { RunDriver } from '../support/run-driver.ts';

const asked = {
  approvers: ['incident-commander'],
  min_approvals: 1,
  exclude_requester: true,
  require_comment: false,
  on_timeout: 'pause' as const,
};
const looks = aStep('look', { uses: 'command', with: { run: ['look'] }, side_effect: 'none' });
const acts = (id: string, needs: string[] = [], run = ['act', '${{ inputs.service }}']) =>
  aStep(id, { uses: 'command', with: { run }, side_effect: 'once', needs });
const consent = (over: object = {}) =>
  aStep('consent', { uses: 'approval', with: { ...asked, ...over }, side_effect: 'none', needs: ['look'] });
const service = { service: { type: 'service' as const } };

/** An estate whose gateway asks, with a runbook that any service may be given to, and one of the gateway's own. */
function estateWith(steps: PlanStep[], last: PlanStep[] = []): Estate {
  const restart = aRunbook('restart', { inputs: service, steps, finally: last });
  return anEstate({
    services: {
      gateway: aService({ approval: asked, recover: 'own' }),
      shop: aService({ recover: 'restart', depends_on: [needsService('gateway')] }),
    },
    runbooks: { restart, own: aRunbook('own', { steps: [acts('stop', [], ['stop', 'it'])] }) },
  });
}
const needs = (plan: Plan) => Object.fromEntries(plan.steps.map((step) => [step.id, step.needs]));

describe('a service that says that acting on it needs approval', () => {
  it('asks before the first change, whatever runbook does it, and looks before it asks', () => {
    const estate = estateWith([looks, acts('stop', ['look']), acts('start', ['stop'])]);
    const plan = planRunbook(estate, 'restart', { service: 'gateway' });
    expect(needs(plan)).toEqual({
      'approve:gateway': ['look'],
      look: [],
      stop: ['look', 'approve:gateway'],
      start: ['stop'],
    });
    expect(plan.steps[0]).toMatchObject({ uses: 'approval', with: { approvers: ['incident-commander'] } });
    expect(needs(planRunbook(estate, 'restart', { service: 'shop' }))).not.toHaveProperty('approve:gateway');
  });

  it('asks in a recovery of its own, and in one that recovers it on the way', () => {
    const estate = estateWith([looks, acts('stop', ['look'])]);
    expect(needs(planRecovery(estate, 'gateway', {}))).toEqual({ 'approve:gateway': [], stop: ['approve:gateway'] });
    expect(needs(planRecovery(estate, 'shop', { gateway: 'unhealthy' }))).toMatchObject({
      'gateway/stop': ['gateway/approve:gateway'],
      'shop/look': ['gateway/stop'],
      'shop/stop': ['shop/look'],
    });
  });

  it('asks when a step names it without an input', () => {
    const estate = anEstate({
      services: { gateway: aService({ approval: asked }) },
      runbooks: { sly: aRunbook('sly', { steps: [acts('stop', [], ['ctl', 'stop', 'gateway'])] }) },
    });
    expect(needs(planRunbook(estate, 'sly', {}))).toEqual({ 'approve:gateway': [], stop: ['approve:gateway'] });
  });

  it('asks nothing of what only looks', () => {
    expect(needs(planRunbook(estateWith([looks]), 'restart', { service: 'gateway' }))).toEqual({ look: [] });
  });

  it.each<[string, object, boolean]>([
    ['is as strict', {}, false],
    ['asks more people', { min_approvals: 2 }, false],
    ['asks other people', { approvers: ['database'] }, true],
    ['asks further people', { approvers: ['incident-commander', 'database'] }, true],
    ['lets the requester agree', { exclude_requester: false }, true],
  ])('asks once when the approval of the runbook %s', (_, over, twice) => {
    const plan = planRunbook(estateWith([looks, consent(over), acts('stop', ['consent'])]), 'restart', {
      service: 'gateway',
    });
    expect(plan.steps.some((step) => step.id === 'approve:gateway')).toBe(twice);
  });

  it('asks again when a change stands beside the approval of the runbook', () => {
    const steps = [looks, consent(), acts('stop', ['consent']), acts('sly', ['look'])];
    expect(needs(planRunbook(estateWith(steps), 'restart', { service: 'gateway' }))).toMatchObject({
      'approve:gateway': ['look'],
      stop: ['consent'],
      sly: ['look', 'approve:gateway'],
    });
  });

  it('leaves out the clean-up that changes it when nobody agreed', () => {
    const estate = estateWith([acts('stop')], [acts('start-anyway'), looks]);
    const driver = new RunDriver(planRunbook(estate, 'restart', { service: 'gateway' }));
    driver.command((view) => abortRun(view, 'slack:U01ANA', 'not today'));
    expect(driver.waiting.map((each) => each.step)).toEqual(['look']);
    expect(driver.state('start-anyway')).toBe('cancelled');
  });
});

describe('a plan locks', () => {
  it('the services that it acts on, however it comes to them, and what its runbooks name', () => {
    const estate = estateWith([looks, acts('stop', ['look'])]);
    estate.runbooks['own']!.locks = ['switch'];
    expect(planRunbook(estate, 'restart', { service: 'shop' }).locks).toEqual(['service:shop']);
    expect(planRunbook(estate, 'own', {}).locks).toEqual(['lock:switch', 'service:gateway']);
    expect(planRecovery(estate, 'shop', { gateway: 'unhealthy' }).locks).toEqual([
      'lock:switch',
      'service:gateway',
      'service:shop',
    ]);
    expect(planRecovery(estate, 'shop', { gateway: 'healthy' }).locks).toEqual(['service:shop']);
  });
});
