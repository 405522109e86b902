import type { Estate } from './model.ts';

/** Services that need `service`, directly or through others: those that stop with it, and those that only suffer. */
export function dependentsOf(estate: Estate, service: string): { strong: string[]; weak: string[] } {
  const reach = (from: string, strengths: readonly string[], found = new Set<string>()): Set<string> => {
    for (const [name, { depends_on }] of Object.entries(estate.services)) {
      const hit = depends_on.some((each) => each.service === from && strengths.includes(each.strength));
      if (!hit || found.has(name) || name === service) continue;
      found.add(name);
      reach(name, strengths, found);
    }
    return found;
  };
  const strong = reach(service, ['strong']);
  const weak = [...reach(service, ['strong', 'weak'])].filter((name) => !strong.has(name));
  return { strong: [...strong], weak };
}

/** The service and all that cannot work without it: what notices and the status page call hit. */
export const hitBy = (estate: Estate, service: string): string[] => [service, ...dependentsOf(estate, service).strong];
