import { pagesFor } from '../../domain/escalation/escalation.ts';
import { resolveHolders, type Scheduled } from '../../domain/estate/holders.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { acknowledge } from '../../domain/incident/decisions.ts';
import { roleHolders } from '../../store/incident/incidents.ts';
import { answerPages, pagesOf, type PageRow } from '../../store/page/pages.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

export interface Acknowledged {
  incident: Incident;
  /** Nobody had acknowledged the incident before. */
  fresh: boolean;
  /** How many open pages this answered. */
  pages: number;
  /** Pages to other people, which ring until those answer. */
  ringing: PageRow[];
}

/**
 * Answers the page. The first answer stops the ladder: nobody new is paged. It answers the pages that ask for this person,
 * and those of which nobody knows whom they wake; pages to other people ring until they answer, or the incident is over.
 * `scheduled`: what schedules say of the roles of open pages.
 */
export async function acknowledgeIncident(
  deps: VerbDeps,
  request: Request,
  id: number,
  scheduled: Scheduled,
): Promise<Acknowledged> {
  const found = { fresh: false, pages: 0, ringing: [] as PageRow[] };
  const incident = await changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    needOpen(incident, 'be acknowledged');
    const estate = deps.estate();
    const [assigned, pages] = await Promise.all([roleHolders(tx, id), pagesOf(tx, id)]);
    const open = pages.filter(({ state }) => state === 'triggered');
    const holders = resolveHolders(estate, [...new Set(open.map(({ role }) => role))], assigned, scheduled);
    const mine = pagesFor(estate, request.actor, open, holders).map(({ dedup_key }) => dedup_key);
    const answered = await answerPages(tx, id, mine, { actor: request.actor, now });
    found.fresh = incident.acknowledged_at === null;
    found.pages = answered.length;
    found.ringing = open.filter(({ dedup_key }) => !answered.includes(dedup_key));
    return acknowledge(incident, request.actor, answered, now);
  });
  return { incident, ...found };
}
