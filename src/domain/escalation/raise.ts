import type { EffectIntent } from '../effect/effect.ts';
import type { Estate, SeverityId } from '../estate/model.ts';
import type { Incident, IncidentPatch } from '../incident/incident.ts';
import { ladderTimers, policyOf } from './escalation.ts';

/**
 * The ladder of another severity; it always has a new number, so its pages have keys of their own.
 *
 * Raised: an answer is asked for again. The clock is the one that ran: a level of the new policy that would be past by now
 * fires at once. It stood still while somebody had acknowledged, and it starts at the raise when nobody was paged before: then
 * nobody failed to answer. Whoever is paged again gets a page with a new key, at the new severity, and their old one ends:
 * the pager does not raise the severity of an open alert. A level that was past at the raise is not repeated for a role whose
 * page somebody answered.
 *
 * Lowered: an answer stays, and then no level fires. Without one the new policy goes on by the same clock, and pages that
 * ring become its own.
 */
export function nextLadder(
  estate: Estate,
  incident: Incident,
  { to, wasPaged }: { to: SeverityId; wasPaged: boolean },
  now: Date,
): { patch: IncidentPatch; timers: EffectIntent[] } {
  const raised = to < incident.severity;
  const held = incident.acknowledged_at;
  const patch: IncidentPatch = {
    ladder: incident.ladder + 1,
    ladder_round: 0,
    ...(raised && { ladder_from: clockOf(incident, wasPaged, now) }),
    ...(raised && held !== null && { acknowledged_at: null, acknowledged_by: null, unanswered_from: now }),
  };
  const next = { ...incident, ...patch, severity: to };
  const silent = !raised && held !== null;
  return { patch, timers: silent ? [] : ladderTimers(next, policyOf(estate, next), { again: raised }) };
}

/** From when a raised ladder counts; null: from the declaration. */
function clockOf({ ladder_from, declared_at, acknowledged_at }: Incident, wasPaged: boolean, now: Date): Date | null {
  if (!wasPaged) return now;
  if (acknowledged_at === null) return ladder_from;
  return new Date((ladder_from ?? declared_at).getTime() + now.getTime() - acknowledged_at.getTime());
}
