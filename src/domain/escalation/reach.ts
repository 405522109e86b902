import { hasSchedule } from '../estate/holders.ts';
import type { Estate } from '../estate/model.ts';

/** Whether a role reaches the pager by a routing key of its own, not by the one that all others share. */
export type OwnKey = (role: string) => boolean;

/** Where nobody can tell, the common key is what there is. */
export const NO_OWN_KEY: OwnKey = () => false;

/**
 * Whether nothing that is sent for a role would reach whoever holds it: a vendor with a telephone. A role with a routing
 * key or a schedule of its own has a pager; the common key wakes others.
 */
export function isOutOfReach(estate: Estate, role: string, people: readonly string[], ownKey: OwnKey): boolean {
  if (ownKey(role) || hasSchedule(estate, role) || people.length === 0) return false;
  return people.every((name) => {
    const known = Object.hasOwn(estate.people, name) ? estate.people[name] : undefined;
    return known !== undefined && known.slack === undefined && known.pagerduty === undefined;
  });
}
