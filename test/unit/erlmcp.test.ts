import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/duration.ts';
import { SEVERITIES, type Estate, type SeverityId } from '../../src/domain/estate/model.ts';
import { planRecovery } from '../../src/domain/plan/recovery-plan.ts';
import { checkFile } from '../../src/estate/check.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { formatProblem } from '../../src/estate/problem.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const FILE = 'examples/erlmcp/estate.yaml';
const { NEEDS } = (await import(join(ROOT, 'examples/erlmcp/needs.mjs'))) as { NEEDS: Record<string, string[]> };
const ms = (text: string) => parseDuration(text)!;

let estate: Estate;
beforeAll(async () => {
  const loaded = await loadEstate(FILE);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  estate = loaded.estate;
});

describe("erlmcp's estate", () => {
  it.each([
    FILE,
    ...['restart-process', 'restart-authentication', 'restart-api-gateway', 'restore-directory'].map(
      (name) => `examples/erlmcp/runbooks/${name}.yaml`,
    ),
  ])('%s is in order', async (file) => {
    const { ok, text } = await checkFile(file);
    expect(ok, text).toBe(true);
  });

  it.each<[SeverityId, string, string, string, string, string, string]>([
    ['P0', 'Critical', '1h', '15m', '5m', '15m', 'executives'],
    ['P1', 'High', '4h', '1h', '30m', '30m', 'directors'],
    ['P2', 'Medium', '8h', '4h', '2h', '2h', 'managers'],
    ['P3', 'Low', '24h', '8h', '24h', '4h', 'team-lead'],
  ])(
    '%s is %s: RTO %s, RPO %s, answered within %s, updates every %s, tells %s',
    (id, name, rto, rpo, respond, update, told) => {
      expect(estate.severities[id]).toMatchObject({
        name,
        rto: ms(rto),
        rpo: ms(rpo),
        respond_within: ms(respond),
        update_every: ms(update),
      });
      expect(estate.severities[id].audiences).toContain(told);
    },
  );

  it.each([
    ['us-east-1', 'primary', '100%', undefined],
    ['us-west-1', 'secondary', '100%', '1h'],
    ['cloud-extended', 'tertiary', '50%', '4h'],
    ['eu-central-1', 'disaster-recovery', '25%', '8h'],
    ['cloud-standby', 'elastic', '500%', '15m'],
  ])('site %s is %s with %s, reached in %s', (id, role, capacity, time) => {
    expect(estate.sites[id]).toMatchObject({ role, capacity });
    expect(estate.sites[id]?.['recovery_time']).toBe(time === undefined ? undefined : ms(time));
  });

  it.each([
    ['us-east-1', '100%', 3],
    ['us-west-1', '50%', 3],
    ['eu-central-1', '0%', 3],
  ])('region %s runs %s of production in %d zones', (id, running, zones) => {
    expect(estate.sites[id]).toMatchObject({ running });
    expect(estate.sites[id]?.['zones']).toHaveLength(zones);
  });

  it.each([
    ['authentication', 1, '15m', '15m', 'Active-passive'],
    ['database-cluster', 1, '30m', '30m', 'Synchronous replication'],
    ['api-gateway', 1, '30m', '30m', 'Load balancer failover'],
    ['session-manager', 1, '60m', '60m', 'Database restore'],
    ['tool-orchestration', 2, '120m', '2h', 'Warm standby'],
    ['resource-management', 2, '120m', '2h', 'Database restore'],
    ['monitoring', 2, '180m', '15m', 'Pre-configured'],
    ['dashboard', 3, '240m', '4h', 'Cold standby'],
    ['developer-tools', 3, '240m', '4h', 'Cold standby'],
    ['analytics', 3, '360m', '24h', 'Cold standby'],
    ['reporting', 4, '480m', '48h', 'Cold standby'],
    ['archives', 4, '720m', '7d', 'Manual restore'],
  ])('component %s: tier %d, RTO %s, RPO %s, %s', (id, tier, rto, rpo, method) => {
    expect(estate.services[id]).toMatchObject({ tier, rto: ms(rto), rpo: ms(rpo), method });
  });

  it('has no other components', () => {
    expect(Object.keys(estate.services)).toHaveLength(12);
  });

  const core = ['authentication', 'api-gateway', 'session-manager', 'tool-orchestration', 'resource-management'];
  it.each([
    [1, 'authentication', '15m', []],
    [2, 'api-gateway', '30m', ['authentication']],
    [3, 'session-manager', '45m', ['database-cluster']],
    [4, 'tool-orchestration', '60m', ['api-gateway']],
    [5, 'resource-management', '90m', ['session-manager']],
    [6, 'monitoring', '120m', core],
    [7, 'dashboard', '180m', [...core, 'monitoring']],
  ])('recovers as number %d %s in %s, after %j', (recovery_order, id, time, needs) => {
    const service = estate.services[id]!;
    expect(service).toMatchObject({ recovery_order, recovery_time: ms(time) });
    expect(service.depends_on.map((one) => one.service)).toEqual(needs);
    expect(service.checks).not.toEqual([]);
    expect(service.recover).toBeDefined();
  });

  it('has services that ask for what the estate says that they need', () => {
    const served = Object.keys(estate.sites['us-east-1']!['ports'] as object);
    expect(Object.keys(NEEDS).sort()).toEqual([...served].sort());
    for (const id of served)
      expect(NEEDS[id], id).toEqual(estate.services[id]!.depends_on.map(({ service }) => service));
  });

  it('plans every service that has a runbook, with the whole dashboard in the agreed order', () => {
    for (const [id, { recover }] of Object.entries(estate.services)) {
      if (recover !== undefined) expect(planRecovery(estate, id, {}).steps.length).toBeGreaterThan(3);
    }
    const agreed = planRecovery(estate, 'dashboard', {}).services.filter((id) => id !== 'database-cluster');
    expect([...agreed].sort()).toEqual([...core, 'dashboard', 'monitoring'].sort());
    expect(agreed.at(-1)).toBe('dashboard');
    expect(agreed.at(-2)).toBe('monitoring');
  });

  it.each([
    [0, '0s', ['on-call'], []],
    [1, '5m', ['secondary'], []],
    [2, '15m', ['incident-commander'], ['management', 'executives']],
    [3, '30m', ['database', 'vp-engineering'], []],
  ])('escalates a critical incident, level %d at %s to %j', (index, after, page, notify) => {
    expect(estate.escalation_policies['critical']?.levels[index]).toMatchObject({ after: ms(after), page, notify });
    expect(estate.severities.P0.escalation).toBe('critical');
  });

  it.each([
    ['high', 'engineering-manager', '30m'],
    ['high', 'vp-engineering', '4h'],
    ['standard', 'engineering-manager', '4h'],
    ['quiet', 'on-call', '24h'],
  ])('under %s pages %s after %s', (policy, role, after) => {
    const level = estate.escalation_policies[policy]?.levels.find(({ page }) => page.includes(role));
    expect(formatDuration(level!.after)).toBe(formatDuration(ms(after)));
  });

  it.each([
    ['erlmcp_process_health', '= 0', /restart/i, 'restart-process'],
    ['erlmcp_memory_bytes', '> 2 GB', /logs.*restart/i, 'restart-process'],
    ['erlmcp_queue_depth', '> 1000', /load/i, undefined],
    ['erlmcp_error_rate', '> 0.05', /logs/i, 'restart-api-gateway'],
    ['erlmcp_connections', '> 10000', /capacity/i, undefined],
  ])('explains the alert %s %s', (alertname, threshold, action, suggest) => {
    const alert = estate.alerts.find(({ match }) => match['alertname'] === alertname)!;
    expect(alert.meaning).toContain(`${alertname} ${threshold}`);
    expect(alert.action).toMatch(action);
    expect(alert.suggest).toBe(suggest);
  });

  it.each([
    ['Application does not start', ['devops-lead']],
    ['High error rate (5 % or more)', ['duty-engineer']],
    ['Memory leak', ['erlang-expert']],
    ['Connection spike', ['infrastructure']],
    ['Backup cannot be restored', ['database']],
    ['Network unreachable', ['network']],
    ['Replica out of sync', ['distributed-systems']],
    ['Data corruption', ['database', 'engineering-manager']],
  ])('knows whom to call: %s → %j', (problem, roles) => {
    expect(estate.contacts[problem]).toEqual(roles);
    expect(Object.keys(estate.contacts)).toHaveLength(8);
  });

  it.each(['enterprise-customers', 'enterprise-escalation', 'standard-customers', 'partners'])(
    'sends %s nothing without the communications lead',
    (audience) => {
      expect(estate.audiences[audience]).toMatchObject({ consent: 'communications' });
      expect(estate.audiences[audience]?.email).toHaveLength(1);
    },
  );

  it.each([
    ['restart-process', '1m'],
    ['restart-authentication', '15m'],
    ['restart-api-gateway', '30m'],
    ['restore-directory', '10m'],
  ])('runbook %s promises %s', (name, rto) => {
    expect(estate.runbooks[name]?.objectives?.rto).toBe(ms(rto));
  });

  it('asks before traffic is cut or data is replaced, and two people other than the requester may agree', () => {
    for (const [name, danger] of [
      ['restart-api-gateway', 'stop'],
      ['restore-directory', 'swap'],
    ] as const) {
      const { steps } = estate.runbooks[name]!;
      const consent = steps.findIndex(({ uses }) => uses === 'approval');
      expect(consent).toBeGreaterThanOrEqual(0);
      expect(consent).toBeLessThan(steps.findIndex(({ id }) => id === danger));
    }
  });

  it('names real-looking people nowhere: every address is at example.com', async () => {
    const addresses = (await readFile(FILE, 'utf8')).match(/[\w.-]+@[\w.-]+/g) ?? [];
    expect(addresses.filter((address) => !address.endsWith('@example.com'))).toEqual([]);
    expect(SEVERITIES.flatMap((id) => estate.severities[id].audiences)).not.toEqual([]);
  });
});
