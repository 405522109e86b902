import { NO_OWN_KEY } from '../../domain/escalation/reach.ts';
import { hasPassed, passRto as decide } from '../../domain/escalation/rto.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import type { RoleHolders } from '../../domain/estate/holders.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

/** The recovery time objective has run out: said and paged once, unless it is over or the objective lies later by now. */
export async function passRto(deps: VerbDeps, input: { incident: number; holders: RoleHolders }): Promise<void> {
  await changeIncident(deps, input.incident, null, ({ incident, now }) => {
    const estate = deps.estate();
    if (!hasPassed(estate, incident, now)) return NOTHING;
    return decide(estate, incident, { holders: input.holders, ownKey: deps.ownKey ?? NO_OWN_KEY });
  });
}
