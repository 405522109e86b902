import { hitBy } from '../estate/dependents.ts';
import type { Estate } from '../estate/model.ts';
import { kindOf } from '../incident/subject.ts';
import { NO_CHECK, notChecked, type ServiceLook } from './look.ts';

/** Which services are to be looked at before an incident is called over, and where. */
export interface LookPlan {
  /** Services that somebody worked on: each has to be green to be called verified. */
  needed: string[];
  /** Services that have checks, by the site whose worker can see them; null where any worker can. */
  groups: { site: string | null; services: string[] }[];
  /** Needed services that nobody can look at, each with the reason. */
  unchecked: ServiceLook[];
}

/** One look is not to grow without limit. */
const MOST = 50;

/**
 * The service that the incident names, what its runs recovered, and all that cannot work without these. A drill looks at
 * nothing, since its services are the real ones.
 */
export function lookPlan(
  estate: Estate,
  incident: { id: number; service: string | null },
  recovered: readonly string[],
): LookPlan {
  const known = (name: string | null): name is string => name !== null && Object.hasOwn(estate.services, name);
  const needed = [...new Set([incident.service, ...recovered])].filter(known);
  if (kindOf(incident.id) === 'drill') {
    return { needed, groups: [], unchecked: needed.map((name) => notChecked(name, 'a drill looks at nothing real')) };
  }
  const all = [...new Set([...needed, ...needed.flatMap((name) => hitBy(estate, name))])].slice(0, MOST);
  const groups = new Map<string | null, string[]>();
  for (const name of all.filter((each) => (estate.services[each]?.checks ?? []).length > 0)) {
    const site = estate.services[name]?.site ?? null;
    groups.set(site, [...(groups.get(site) ?? []), name]);
  }
  const looked = [...groups.values()].flat();
  return {
    needed,
    groups: [...groups].map(([site, services]) => ({ site, services })),
    unchecked: needed.filter((name) => !looked.includes(name)).map((name) => notChecked(name, NO_CHECK)),
  };
}
