import type { Estate } from '../estate/model.ts';
import { holdersIn, listedFor, type Holders, type RoleHolders } from '../estate/holders.ts';
import { isSamePerson } from '../estate/people.ts';
import type { Approval } from './approval.ts';

/**
 * Who may decide a request: whoever holds its roles now. Where they are fewer than the approvals that it needs (a schedule
 * names one person, who may be the one that asked), the people whom the estate lists for the roles may as well: otherwise
 * nobody could ever approve it.
 */
export function approverHolders(
  estate: Estate,
  approval: Pick<Approval, 'approvers' | 'min_approvals' | 'exclude_requester'>,
  requester: string,
  holders: RoleHolders,
): RoleHolders {
  const able = new Set(approval.approvers.flatMap((role) => holdersIn(holders, role).people)).values();
  const count = [...able].filter(
    (person) =>
      Object.hasOwn(estate.people, person) && !(approval.exclude_requester && isSamePerson(estate, person, requester)),
  ).length;
  if (count >= approval.min_approvals) return holders;
  const widened = approval.approvers.map((role): [string, Holders] => {
    const { people, source, note } = holdersIn(holders, role);
    const all = [...new Set([...people, ...listedFor(estate, role)])];
    return [role, { people: all, source, ...(note !== undefined && { note }) }];
  });
  return { ...holders, ...Object.fromEntries(widened) };
}
