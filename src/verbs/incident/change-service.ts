import { changeService as decide } from '../../domain/incident/identity.ts';
import { label, type Incident } from '../../domain/incident/incident.ts';
import { serviceOf } from '../../domain/plan/recovery-plan.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/** Says which service is hit: its owner is invited, and whoever was told reads what is hit now. */
export async function changeService(deps: VerbDeps, request: Request, id: number, service: string): Promise<Incident> {
  serviceOf(deps.estate(), service);
  return changeIncident(deps, id, request, ({ incident }) => {
    needOpen(incident, 'change its service');
    if (incident.service === service)
      throw new LifeboatError(
        'conflict',
        `the service of ${label(id)} is ${service} already`,
        'nothing needs to be done',
      );
    return decide(deps.estate(), incident, { to: service, actor: request.actor });
  });
}
