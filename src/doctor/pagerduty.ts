import { randomUUID } from 'node:crypto';
import { createPagerDuty } from '../adapters/pagerduty/create-pagerduty.ts';
import type { Estate } from '../domain/estate/model.ts';
import type { PagerPort } from '../ports/pager.ts';
import type { Config } from '../runtime/config.ts';
import { findingOf, ok, untried, wrong, type Finding } from './finding.ts';

/** Looks at routing keys and schedules; wakes nobody. */
export async function examinePagerDuty({ pagerduty }: Config, estate: Estate | undefined): Promise<Finding[]> {
  const pager = createPagerDuty({ ...pagerduty, routingKey: pagerduty.routingKey ?? '' });
  const { routingKey, routingKeys, apiToken, from, webhookSecrets } = pagerduty;
  const keys: [string, string][] = [
    ...(routingKey === undefined ? [] : [['PAGERDUTY_ROUTING_KEY', ''] as [string, string]]),
    ...Object.keys(routingKeys).map((role): [string, string] => [variableOf(role), role]),
  ];
  const none = wrong('PagerDuty', 'no routing key is set, so nobody is paged', 'set PAGERDUTY_ROUTING_KEY');
  const found = await Promise.all(keys.map(([variable, role]) => examineKey(pager, variable, role)));
  return [
    ...(keys.length === 0 ? [none] : found),
    ...unknownRoles(Object.keys(routingKeys), estate),
    ...(await examineSchedules(pager, apiToken, estate)),
    ...(from === undefined ? [] : [untried('PAGERDUTY_FROM', 'only writing a note shows it')]),
    ...(webhookSecrets.length === 0 ? [] : [untried('PAGERDUTY_WEBHOOK_SECRET', 'only a webhook shows it')]),
  ];
}

const variableOf = (role: string): string => `PAGERDUTY_ROUTING_KEY_${role.toUpperCase().replaceAll('-', '_')}`;

/**
 * PagerDuty takes the resolve of an alert that does not exist and drops it, and refuses one with an unknown key: so a key
 * is tried, and nobody is woken.
 */
async function examineKey(pager: PagerPort, variable: string, role: string): Promise<Finding> {
  const words = { summary: 'A key is tried.', source: 'lifeboat doctor', severity: 'info', details: {} } as const;
  const outcome = await pager.send({ action: 'resolve', dedup_key: `lifeboat-doctor-${randomUUID()}`, role, ...words });
  const fix =
    'copy the Integration Key of an Events API v2 integration, and check PAGERDUTY_EVENTS_URL (EU accounts have their own)';
  return findingOf(
    variable,
    outcome,
    () => 'PagerDuty takes it (tried with the resolve of an alert that does not exist)',
    fix,
  );
}

function unknownRoles(roles: readonly string[], estate: Estate | undefined): Finding[] {
  if (estate === undefined) return [];
  return roles
    .filter((role) => !Object.hasOwn(estate.roles, role))
    .map((role) =>
      wrong(
        variableOf(role),
        `the estate has no role ${role}`,
        `name it after one of ${Object.keys(estate.roles).join(', ')}`,
      ),
    );
}

async function examineSchedules(
  pager: PagerPort,
  apiToken: string | undefined,
  estate: Estate | undefined,
): Promise<Finding[]> {
  const roles = Object.entries(estate?.roles ?? {}).flatMap(([role, { pagerduty_schedule: schedule }]) =>
    schedule === undefined ? [] : [{ role, schedule }],
  );
  const about = 'PAGERDUTY_API_TOKEN';
  if (apiToken === undefined) {
    if (roles.length === 0) return [];
    const names = roles.map(({ role }) => role).join(', ');
    return [
      wrong(about, `it is not set, so the schedules of ${names} are not read`, 'set it to a read-only REST API key'),
    ];
  }
  if (roles.length === 0) return [untried(about, 'no role of the estate names a schedule')];
  return Promise.all(roles.map(({ role, schedule }) => examineSchedule(pager, role, schedule)));
}

async function examineSchedule(pager: PagerPort, role: string, schedule: string): Promise<Finding> {
  const about = `PagerDuty, schedule ${schedule} of ${role}`;
  const outcome = await pager.onCall(schedule);
  if (outcome.kind === 'done' && outcome.value.length === 0) {
    return wrong(about, 'nobody is on call now, or there is no such schedule', 'correct the id, or fill the schedule');
  }
  if (outcome.kind === 'done') return ok(about, `on call now: ${outcome.value.map(({ name }) => name).join(', ')}`);
  return wrong(about, outcome.reason, 'check PAGERDUTY_API_TOKEN and PAGERDUTY_API_URL (EU accounts have their own)');
}
