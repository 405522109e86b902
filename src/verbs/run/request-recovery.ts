import type { Incident } from '../../domain/incident/incident.ts';
import { locksOf } from '../../domain/plan/plan.ts';
import { planRecovery } from '../../domain/plan/recovery-plan.ts';
import { merge, NOTHING } from '../../domain/effect/decision.ts';
import { intend } from '../../domain/effect/effect.ts';
import { changeService } from '../../domain/incident/identity.ts';
import { heldLocks } from '../../store/run/locks.ts';
import { liveRunNamed } from '../../store/run/runs.ts';
import { changeIncident, needOpen, refuseDrill, type Request, type VerbDeps } from '../context.ts';
import { refuseHeld, refuseSecondRun } from './start-run.ts';

/**
 * Asks for the recovery of a service: it and its dependencies are looked at first, then the run starts by itself. A healthy
 * one is asked about first, unless it is to be recovered `anyway`.
 */
export function requestRecovery(
  deps: VerbDeps,
  request: Request,
  id: number,
  service: string,
  anyway = false,
): Promise<Incident> {
  planRecovery(deps.estate(), service, {}); // refuses what no health could make possible
  return changeIncident(deps, id, request, async ({ tx, incident }) => {
    needOpen(incident, 'recover anything');
    refuseDrill(incident, 'recover anything');
    refuseSecondRun(await liveRunNamed(tx, id, `recover ${service}`));
    refuseHeld(deps.estate(), (await heldLocks(tx, locksOf([service])))[0]);
    // Who asks for a recovery says what is hit.
    const named =
      incident.service === null
        ? changeService(deps.estate(), incident, { to: service, actor: request.actor })
        : NOTHING;
    return merge(named, {
      events: [{ kind: 'recovery.requested', actor: request.actor, data: { service, ...(anyway && { anyway }) } }],
      effects: [
        intend('recovery.assess', `assess:${id}:${incident.chain_seq}`, {
          incident: id,
          service,
          actor: request.actor,
          ...(anyway && { anyway }),
        }),
      ],
    });
  });
}
