import type { Incident } from '../domain/incident.ts';
import { acknowledge } from '../domain/incident-decisions.ts';
import { movePages } from '../store/pages.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from './context.ts';

/** Answers the page: the ladder stops everywhere. Acknowledging again changes nothing; `fresh` says which it was. */
export async function acknowledgeIncident(
  deps: VerbDeps,
  request: Request,
  id: number,
): Promise<{ incident: Incident; fresh: boolean }> {
  let fresh = false;
  const incident = await changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    needOpen(incident, 'be acknowledged');
    fresh = incident.acknowledged_at === null;
    return acknowledge(incident, request.actor, await movePages(tx, id, 'acknowledged'), now);
  });
  return { incident, fresh };
}
