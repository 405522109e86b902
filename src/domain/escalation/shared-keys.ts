import type { Estate } from '../estate/model.ts';

/** By which keys roles reach the pager: their own, else the common one. */
export interface RoutingKeys {
  routingKey: string | undefined;
  routingKeys: Record<string, string>;
}

/**
 * Roles of one escalation policy that reach the pager by one routing key. Each of their pages rings whoever is on call
 * behind that key, so a later level wakes the same people again. One warning for each policy and key.
 */
export function sharedKeyWarnings(
  { escalation_policies }: Pick<Estate, 'escalation_policies'>,
  { routingKey, routingKeys }: RoutingKeys,
): string[] {
  if (routingKey === undefined && Object.keys(routingKeys).length === 0) return []; // no pager
  const keyOf = (role: string): string | undefined =>
    Object.hasOwn(routingKeys, role) ? routingKeys[role] : routingKey;
  return Object.entries(escalation_policies).flatMap(([policy, levels]) => {
    const roles = [...new Set(levels.flatMap(({ page }) => page))];
    const keys = new Set(roles.map(keyOf).filter((key) => key !== undefined));
    return [...keys]
      .map((key) => roles.filter((role) => keyOf(role) === key))
      .filter((group) => group.length > 1)
      .map(
        (group) =>
          `escalation policy ${policy}: the roles ${group.join(', ')} share one PagerDuty routing key, so a page to any of them rings the same people. Give each a key of its own: ${group.map(variableOf).join(', ')}.`,
      );
  });
}

const variableOf = (role: string): string => `PAGERDUTY_ROUTING_KEY_${role.toUpperCase().replaceAll('-', '_')}`;
