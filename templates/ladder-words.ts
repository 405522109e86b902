import type { IncidentFacts } from './facts.ts';
import { callLines, roleName } from './people-words.ts';
import { policyOf } from '../src/domain/escalation/escalation.ts';
import { listedFor } from '../src/domain/estate/holders.ts';

/** Whom the escalation asked in vain, role by role, with how to call them. */
export function askedLines({ estate, incident, pages }: IncidentFacts): string[] {
  const asked = pages.filter(({ ladder, answered_by = null }) => ladder > 0 && answered_by === null);
  const roles = [
    ...new Set([...asked.map(({ role }) => role), ...policyOf(estate, incident).flatMap(({ page }) => page)]),
  ];
  return roles.flatMap((role) => {
    const paged = asked.filter((page) => page.role === role).flatMap(({ people }) => people);
    const names = paged.length > 0 ? paged : listedFor(estate, role);
    const lines = callLines(estate, names).map((line) => `${roleName(estate, role)}, ${line}`);
    return lines.length > 0 ? lines : [`${roleName(estate, role)}: nobody by name; PagerDuty alone reaches them`];
  });
}
