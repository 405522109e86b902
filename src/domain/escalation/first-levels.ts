import { merge, type Decision } from '../effect/decision.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { hasSchedule, resolveHolders } from '../estate/holders.ts';
import type { Estate } from '../estate/model.ts';
import type { Incident } from '../incident/incident.ts';
import { fireLevel, policyOf } from './escalation.ts';
import { afterLevel } from './ladder-end.ts';
import { NO_OWN_KEY, type OwnKey } from './reach.ts';

export interface FirstLevels {
  decision: Decision;
  /** How many levels fired: the timers begin with the next one. */
  fired: number;
}

/**
 * Fires the levels that are due at once, so that the first page is intended with the incident. `assigned`: roles of an
 * incident that is opened again. It does
 * not wait for a schedule to say whom the pager wakes: those people are named and told by an effect of their own.
 */
export function fireFirstLevels(
  estate: Estate,
  incident: Incident,
  ownKey: OwnKey = NO_OWN_KEY,
  assigned: readonly { role: string; person: string }[] = [],
): FirstLevels {
  const policy = policyOf(estate, incident);
  const later = policy.findIndex((level) => level.after > 0);
  const fired = later === -1 ? policy.length : later;
  const decisions = policy.slice(0, fired).map((level, index) => {
    const scheduled = level.page.filter(
      (role) => hasSchedule(estate, role) && !assigned.some((each) => each.role === role),
    );
    const known = level.page.filter((role) => !scheduled.includes(role));
    const holders = resolveHolders(estate, known, assigned, {});
    const asked = { since: null, now: incident.declared_at, ownKey };
    const input = { ladder: incident.ladder, level: index, holders, paged: [], ...asked };
    const decision = fireLevel(estate, incident, input);
    const effects = decision.effects.filter((effect) => effect.kind !== 'card.render'); // the first card is on its way
    return { ...decision, effects: [...effects, ...(scheduled.length > 0 ? [peopleIntent(incident, index)] : [])] };
  });
  const told = [...new Set(decisions.flatMap((each) => each.incident?.told ?? []))];
  const end = fired > 0 && fired === policy.length ? afterLevel(estate, incident, fired - 1, incident.declared_at) : [];
  const rest = { incident: { told }, events: [], effects: end };
  return { decision: merge(...decisions, rest), fired };
}

const peopleIntent = ({ id, ladder }: Incident, level: number): EffectIntent =>
  intend('escalation.fire', `ladder:${id}:${ladder}:${level}:people`, {
    ...{ incident: id, ladder, level, resumed: false, again: false },
  });
