import { pagesFor } from '../../domain/escalation/escalation.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { acknowledge } from '../../domain/incident/decisions.ts';
import { movePages, pagesOf } from '../../store/page/pages.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

export interface Acknowledged {
  incident: Incident;
  /** Nobody had acknowledged the incident before. */
  fresh: boolean;
  /** How many open pages this answered. */
  pages: number;
}

/**
 * Answers the page: the ladder stops everywhere. Once the incident is acknowledged, it answers only pages that ask for
 * this person: somebody else's second press must not silence whom a person paged since.
 */
export async function acknowledgeIncident(deps: VerbDeps, request: Request, id: number): Promise<Acknowledged> {
  let fresh = false;
  let pages: string[] = [];
  const incident = await changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    needOpen(incident, 'be acknowledged');
    fresh = incident.acknowledged_at === null;
    const mine = fresh ? null : pagesFor(deps.estate(), request.actor, await pagesOf(tx, id));
    pages = await movePages(
      tx,
      id,
      'acknowledged',
      mine?.map((page) => page.dedup_key),
    );
    return acknowledge(incident, request.actor, pages, now);
  });
  return { incident, fresh, pages: pages.length };
}
