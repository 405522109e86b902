import type { SeverityId } from '../../domain/estate/model.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { changeSeverity as decide } from '../../domain/incident/decisions.ts';
import { needReason } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { pagesOf } from '../../store/page/pages.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/** Changes the severity and with it every clock, page and audience at once. */
export function changeSeverity(
  deps: VerbDeps,
  request: Request,
  id: number,
  to: SeverityId,
  reason: string | null,
): Promise<Incident> {
  needReason(reason);
  return changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    needOpen(incident, 'change its severity');
    if (incident.severity === to) throw new LifeboatError('conflict', `the severity is ${to} already`);
    const wasPaged = (await pagesOf(tx, id)).some(({ ladder }) => ladder > 0);
    return decide(deps.estate(), incident, { to, reason, actor: request.actor, wasPaged }, now);
  });
}
