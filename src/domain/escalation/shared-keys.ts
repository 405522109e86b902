import type { EscalationPolicy } from '../estate/model.ts';

/** By which keys roles reach the pager: their own, else the common one. */
export interface RoutingKeys {
  routingKey: string | undefined;
  routingKeys: Readonly<Record<string, string>>;
}

/** Roles of one escalation policy that reach the pager by one routing key, and the variables that would part them. */
export interface SharedKey {
  policy: string;
  roles: string[];
  variables: string[];
}

/**
 * Finds roles of one escalation policy that share a routing key. Each of their pages rings whoever is on call behind that
 * key, so a later level wakes the same people again. One for each policy and key.
 */
export function sharedKeys(
  { escalation_policies }: { escalation_policies: Record<string, Pick<EscalationPolicy, 'levels'>> },
  { routingKey, routingKeys }: RoutingKeys,
): SharedKey[] {
  if (routingKey === undefined && Object.keys(routingKeys).length === 0) return []; // no pager
  const keyOf = (role: string): string | undefined =>
    Object.hasOwn(routingKeys, role) ? routingKeys[role] : routingKey;
  return Object.entries(escalation_policies).flatMap(([policy, { levels }]) => {
    const roles = [...new Set(levels.flatMap(({ page }) => page))];
    const keys = new Set(roles.map(keyOf).filter((key) => key !== undefined));
    return [...keys]
      .map((key) => roles.filter((role) => keyOf(role) === key))
      .filter((group) => group.length > 1)
      .map((group) => ({ policy, roles: group, variables: group.map(variableOf) }));
  });
}

const variableOf = (role: string): string => `PAGERDUTY_ROUTING_KEY_${role.toUpperCase().replaceAll('-', '_')}`;
