import type { Decision, Page } from '../effect/decision.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { cardIntent, postIntent } from '../effect/intents.ts';
import { hasSchedule, type RoleHolders } from '../estate/holders.ts';
import type { Estate } from '../estate/model.ts';
import { LIFEBOAT } from '../estate/people.ts';
import { formatDuration } from '../duration.ts';
import { rtoDue, type Incident } from '../incident/incident.ts';
import { dedupKey, invitation, pageEffects, policyOf } from './escalation.ts';
import { isOutOfReach, type OwnKey } from './reach.ts';

/** Who leads an incident. */
const COMMANDER = 'incident-commander';
/** Who is asked where nobody leads. */
const ON_CALL = 'on-call';

/** When the recovery time objective of the incident's severity runs out. */
const objectiveEnd = (estate: Estate, incident: Pick<Incident, 'declared_at' | 'severity'>): Date =>
  rtoDue(incident, estate.severities[incident.severity].rto);

/** The timer of that moment; none where it was said. Intended twice it is one. */
export function rtoTimers(estate: Estate, incident: Incident): EffectIntent[] {
  const due_at = objectiveEnd(estate, incident);
  if (incident.rto_said !== null && incident.rto_said >= due_at) return [];
  const key = `rto:${incident.id}:${due_at.getTime()}`;
  return [intend('rto.pass', key, { incident: incident.id }, { due_at })];
}

/** Whether it has passed and nobody was told. */
export function hasPassed(estate: Estate, incident: Incident, now: Date): boolean {
  const due = objectiveEnd(estate, incident);
  return incident.state === 'open' && due <= now && (incident.rto_said === null || incident.rto_said < due);
}

/** The roles of which the first one that somebody holds is paged: the commander, else who is on call. */
export function rtoRoles(estate: Estate, incident: Pick<Incident, 'severity'>): string[] {
  const first = policyOf(estate, incident).flatMap(({ page }) => page);
  const roles = [COMMANDER, ON_CALL, ...first.slice(0, 1)].filter((role) => Object.hasOwn(estate.roles, role));
  return [...new Set(roles)];
}

/** The objective has passed while the incident is open: said in the channel, and paged. */
export function passRto(
  estate: Estate,
  incident: Incident,
  { holders, ownKey }: { holders: RoleHolders; ownKey: OwnKey },
): Decision {
  const due = objectiveEnd(estate, incident);
  const { rto } = estate.severities[incident.severity];
  const role = rtoRoles(estate, incident).find(
    (each) => (holders[each]?.people.length ?? 0) > 0 || hasSchedule(estate, each),
  );
  const people = role === undefined ? [] : [...(holders[role]?.people ?? [])];
  const unreached = role === undefined || isOutOfReach(estate, role, people, ownKey);
  const version = `rto:${due.getTime()}`;
  const pages = unreached ? [] : [pageOf(estate, incident, role, people, due, rto)];
  const params = {
    ...(role !== undefined && (unreached ? { unreached: [role], call: people } : { roles: [role], people })),
  };
  return {
    incident: { rto_said: due },
    events: [
      {
        kind: 'rto.passed',
        actor: LIFEBOAT,
        data: { due: due.toISOString(), rto_ms: rto, role: role ?? null, people },
      },
    ],
    pages,
    effects: [
      ...pages.flatMap((page) => pageEffects(estate, incident, page)),
      postIntent({ incident: incident.id, key: version, template: 'rto-passed', to: 'incident', params }),
      ...invitation(incident, pages, version),
      cardIntent(incident.id, version),
    ],
  };
}

function pageOf(estate: Estate, incident: Incident, role: string, people: string[], due: Date, rto: number): Page {
  const dedup_key = dedupKey(estate, incident, `rto${due.getTime().toString(36)}`, role);
  const say = `The recovery time objective of ${formatDuration(rto)} has passed. Decide how to go on, and tell the others.`;
  return { dedup_key, ladder: 0, level: 0, role, people, say };
}
