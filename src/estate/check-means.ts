import { sharedKeys } from '../domain/escalation/shared-keys.ts';
import type { Estate } from '../domain/estate/model.ts';
import type { Json } from '../domain/json.ts';
import { references } from '../domain/plan/references.ts';
import type { Means } from './means.ts';
import { warning, type Problem } from './problem.ts';
import type { Source } from './source.ts';

/** Adds a warning for what the estate says and this environment has no key for. */
export function checkMeans(estate: Estate, means: Means, source: Source, problems: Problem[]): void {
  checkPager(estate, means, source, problems);
  const { hasSecret } = means;
  if (hasSecret === undefined) return;
  const missing = secretsOf(estate).filter((name) => !hasSecret(name));
  if (missing.length === 0) return;
  const words = {
    message: `steps need ${missing.map((name) => `secrets.${name}`).join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not set here`,
    rule: 'a secret is the variable LIFEBOAT_SECRET_NAME, or the file NAME in LIFEBOAT_SECRETS_DIR, where the worker runs',
    fix: `set ${missing.map((name) => `LIFEBOAT_SECRET_${name}`).join(', ')} there`,
  };
  problems.push(warning(source.problem(['runbooks'], words)));
}

function checkPager(estate: Estate, { pagerduty }: Means, source: Source, problems: Problem[]): void {
  const { routingKey, routingKeys, apiToken } = pagerduty;
  const scheduled = Object.keys(estate.roles).filter((id) => estate.roles[id]?.pagerduty_schedule !== undefined);
  const [first] = scheduled;
  if (first !== undefined && apiToken === undefined) {
    const words = {
      message: `the ${scheduled.length === 1 ? 'schedule' : 'schedules'} of ${scheduled.join(', ')} cannot be read here: PAGERDUTY_API_TOKEN is not set`,
      rule: 'a pagerduty_schedule is read with a REST API key; without one the people of the role are paged',
      fix: 'set PAGERDUTY_API_TOKEN where the bot runs',
    };
    problems.push(warning(source.problem(['roles', first, 'pagerduty_schedule'], words)));
  }
  for (const { policy, roles, variables } of sharedKeys(estate, pagerduty)) {
    const words = {
      message: `the roles ${roles.join(', ')} share one PagerDuty routing key`,
      rule: 'a page rings whoever is on call behind its key, so a later level wakes the same people again',
      fix: `give each a key of its own: ${variables.join(', ')}`,
    };
    problems.push(warning(source.problem(['escalation_policies', policy], words)));
  }
  const unpaged = pagedRoles(estate).filter((role) => routingKey === undefined && !Object.hasOwn(routingKeys, role));
  if (unpaged.length === 0) return;
  const words = {
    message: `nobody can be paged for ${unpaged.join(', ')}: PAGERDUTY_ROUTING_KEY is not set here`,
    rule: 'a page goes out with the routing key of its role, or with the one for all',
    fix: 'set PAGERDUTY_ROUTING_KEY where the bot runs',
  };
  problems.push(warning(source.problem(['escalation_policies'], words)));
}

function pagedRoles({ escalation_policies }: Estate): string[] {
  return [...new Set(Object.values(escalation_policies).flatMap(({ levels }) => levels.flatMap(({ page }) => page)))];
}

/** The names of all secrets that steps read, once each. */
function secretsOf({ runbooks }: Estate): string[] {
  const found = references(JSON.parse(JSON.stringify(runbooks)) as Json).flatMap(({ path: [root, name] }) =>
    root !== undefined && 'key' in root && root.key === 'secrets' && name !== undefined && 'key' in name
      ? [String(name.key)]
      : [],
  );
  return [...new Set(found)].sort();
}
