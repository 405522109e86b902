import { hitBy } from '../estate/dependents.ts';
import type { Estate, SeverityId } from '../estate/model.ts';
import type { Incident } from './incident.ts';

/** From harmless to worst. */
export const PUBLIC_STATES = ['operational', 'degraded', 'partial_outage', 'major_outage'] as const;
export type PublicState = (typeof PUBLIC_STATES)[number];

/** All that the public may learn of an incident: no words, names or places that were meant for those who work on it. */
export type PublicIncident = Pick<
  Incident,
  'severity' | 'service' | 'state' | 'declared_at' | 'resolved_at' | 'next_update_due'
>;

export interface Trouble {
  state: PublicState;
  /** When the oldest open incident about it was declared. */
  since: Date;
  /** When the next word about it is promised; may lie in the past. */
  next_update: Date | null;
}

export interface PublicStatus {
  /** By the database's clock. */
  as_of: Date;
  /** The worst of what follows. */
  state: PublicState;
  /** In the order of the estate. */
  services: { name: string; state: PublicState; trouble: Trouble | null }[];
  /** Open incidents that name no service of the estate, taken together. */
  unknown: Trouble | null;
  /** What was resolved within `PUBLIC_DAYS`, newest first, with all that was hit; empty where no service was named. */
  resolved: { services: string[]; state: PublicState; from: Date; to: Date; ms: number }[];
}

/** How far back the public sees what is over. */
export const PUBLIC_DAYS = 7;

const STATES: Readonly<Record<SeverityId, PublicState>> = {
  P0: 'major_outage',
  P1: 'major_outage',
  P2: 'partial_outage',
  P3: 'degraded',
};

/**
 * What customers may see without anybody's consent: services, how badly off they are, and since when. What strongly
 * depends on a service that is hit is hit as well, as the notices say.
 */
export function publicStatus(estate: Estate, incidents: PublicIncident[], now: Date): PublicStatus {
  const open = incidents.filter(({ state }) => state === 'open');
  const known = (id: string | null): id is string => id !== null && Object.hasOwn(estate.services, id);
  const hit = (id: string | null): string[] => (known(id) ? hitBy(estate, id) : []);
  const nameOf = (id: string): string => estate.services[id]?.name ?? id;
  const services = Object.keys(estate.services).map((id) => {
    const trouble = troubleOf(open.filter(({ service }) => hit(service).includes(id)));
    return { name: nameOf(id), state: trouble?.state ?? 'operational', trouble };
  });
  const unknown = troubleOf(open.filter(({ service }) => !known(service)));
  const resolved = incidents.flatMap(({ service, severity, declared_at: from, resolved_at: to, state }) => {
    if (state === 'open' || to === null || now.getTime() - to.getTime() > PUBLIC_DAYS * 86_400_000) return [];
    return [
      {
        services: hit(service).map(nameOf),
        state: STATES[severity],
        from,
        to,
        ms: Math.max(0, to.getTime() - from.getTime()),
      },
    ];
  });
  return {
    as_of: now,
    state: worst([...services.map(({ state }) => state), unknown?.state ?? 'operational']),
    services,
    unknown,
    resolved: resolved.sort((a, b) => b.to.getTime() - a.to.getTime()),
  };
}

function troubleOf(incidents: PublicIncident[]): Trouble | null {
  const since = earliest(incidents.map(({ declared_at }) => declared_at));
  if (since === null) return null;
  const due = incidents.flatMap(({ next_update_due }) => (next_update_due ? [next_update_due] : []));
  return { state: worst(incidents.map(({ severity }) => STATES[severity])), since, next_update: earliest(due) };
}

const worst = (states: PublicState[]): PublicState =>
  PUBLIC_STATES.findLast((state) => states.includes(state)) ?? 'operational';

const earliest = (dates: Date[]): Date | null =>
  dates.reduce<Date | null>((first, date) => (first === null || date < first ? date : first), null);
