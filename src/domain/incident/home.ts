import { approverHolders } from '../approval/approvers.ts';
import type { Approval } from '../approval/approval.ts';
import type { Page } from '../effect/decision.ts';
import { pagesFor } from '../escalation/escalation.ts';
import { hitBy } from '../estate/dependents.ts';
import { hasSchedule, holdsRole, resolveHolders, type RoleHolders, type Scheduled } from '../estate/holders.ts';
import type { Estate } from '../estate/model.ts';
import { isSamePerson } from '../estate/people.ts';
import type { ServiceLook } from '../health/look.ts';
import type { Incident } from './incident.ts';

/* What somebody sees first who opens Lifeboat: what waits for them, what is theirs, and how things stand. */

export interface WaitingApproval {
  approval: Approval;
  requested_by: string;
  /** Who decided already, as actors. */
  voted: string[];
  run: string;
  place: { channel: string; ts: string } | null;
}

export type WaitingPage = Page & { incident_id: number; state: string; created_at: Date };

export interface SeenLook {
  look: ServiceLook;
  at: Date;
}

/** What was read, of everybody. */
export interface HomeInput {
  estate: Estate;
  actor: string;
  now: Date;
  /** Open ones, drills too, newest first. */
  incidents: Incident[];
  assigned: { incident_id: number; role: string; person: string }[];
  approvals: WaitingApproval[];
  pages: WaitingPage[];
  scheduled: Scheduled;
  /** The newest look at each service. */
  looks: SeenLook[];
}

export interface ServiceState {
  service: string;
  /** Open incidents that hit it, or what it strongly needs. */
  hit: Incident[];
  seen: SeenLook | null;
}

export interface HomeFacts {
  estate: Estate;
  now: Date;
  incidents: Incident[];
  approvals: WaitingApproval[];
  pages: WaitingPage[];
  mine: { incident: Incident; roles: string[] }[];
  /** Of the roles that have a schedule. */
  onCall: RoleHolders;
  services: ServiceState[];
}

/** So many schedules are asked for one look at the home. */
export const MOST_SCHEDULES = 15;

export const scheduledRoles = (estate: Estate): string[] =>
  Object.keys(estate.roles).filter((role) => hasSchedule(estate, role));

/** What of everything is for this person. */
export function homeFacts(input: HomeInput): HomeFacts {
  const { estate, actor, now, incidents, assigned, scheduled, looks } = input;
  const holdersIn = (incident: number, roles: readonly string[]): RoleHolders =>
    resolveHolders(
      estate,
      roles,
      assigned.filter((each) => each.incident_id === incident),
      scheduled,
    );
  const same = (other: string): boolean => isSamePerson(estate, other, actor);
  const roles = (id: number): string[] =>
    assigned.filter(({ incident_id, person }) => incident_id === id && same(person)).map(({ role }) => role);
  return {
    ...{ estate, now, incidents },
    approvals: input.approvals.filter((each) => mayDecide(each)),
    pages: input.pages.filter((page) => {
      const known = Object.hasOwn(estate.roles, page.role) ? [page.role] : [];
      // One whose people are not known yet may be anybody's: only who holds the role is shown it.
      if (page.people.length === 0) return holdsRole(estate, actor, known, holdersIn(page.incident_id, known));
      return pagesFor(estate, actor, [page], holdersIn(page.incident_id, [page.role])).length > 0;
    }),
    mine: incidents.flatMap((incident) => {
      const held = roles(incident.id);
      const own =
        held.length > 0 ||
        same(incident.declared_by) ||
        (incident.acknowledged_by !== null && same(incident.acknowledged_by));
      return own ? [{ incident, roles: held }] : [];
    }),
    onCall: resolveHolders(estate, scheduledRoles(estate).slice(0, MOST_SCHEDULES), [], scheduled),
    services: servicesOf(estate, incidents, looks),
  };

  function mayDecide({ approval, requested_by, voted }: WaitingApproval): boolean {
    if (voted.some(same) || (approval.exclude_requester && same(requested_by))) return false;
    const known = approval.approvers.filter((role) => Object.hasOwn(estate.roles, role));
    const holders = approverHolders(
      estate,
      { ...approval, approvers: known },
      requested_by,
      holdersIn(approval.incident_id, known),
    );
    return holdsRole(estate, actor, known, holders);
  }
}

/** The worst first: hit by an incident, red at the last look, green, and those that nobody looked at. */
function servicesOf(estate: Estate, incidents: Incident[], looks: SeenLook[]): ServiceState[] {
  const real = incidents.filter(
    ({ id, service }) => id > 0 && service !== null && Object.hasOwn(estate.services, service),
  );
  const hits = real.map((incident) => ({ incident, services: hitBy(estate, incident.service ?? '') }));
  const states = Object.keys(estate.services).map((service) => ({
    service,
    hit: hits.flatMap(({ incident, services }) => (services.includes(service) ? [incident] : [])),
    seen: looks.find(({ look }) => look.service === service) ?? null,
  }));
  return states.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ hit, seen }: ServiceState): number {
  if (hit.length > 0) return 0;
  return ['unhealthy', 'healthy'].indexOf(seen?.look.health ?? '') === -1
    ? 3
    : seen?.look.health === 'unhealthy'
      ? 1
      : 2;
}
