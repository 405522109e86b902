import type { Incident } from '../../domain/incident/incident.ts';
import { locksOf } from '../../domain/plan/plan.ts';
import { planRecovery, type Health } from '../../domain/plan/recovery-plan.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { intend } from '../../domain/effect/effect.ts';
import { postIntent } from '../../domain/effect/intents.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { LifeboatError, messageOf } from '../../runtime/errors.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { heldLocks } from '../../store/run/locks.ts';
import { liveRunNamed, nextRunId } from '../../store/run/runs.ts';
import {
  changeIncident,
  lock,
  needOpen,
  refuseDrill,
  transactContinuing,
  type Request,
  type VerbDeps,
} from '../context.ts';
import { persist } from '../../store/persist.ts';
import { beginRun, lockPlan, refuseHeld, refuseSecondRun } from './start-run.ts';

/** Asks for the recovery of a service: its dependencies are looked at first, then the run starts by itself. */
export function requestRecovery(deps: VerbDeps, request: Request, id: number, service: string): Promise<Incident> {
  planRecovery(deps.estate(), service, {}); // refuses what no health could make possible
  return changeIncident(deps, id, request, async ({ tx, incident }) => {
    needOpen(incident, 'recover anything');
    refuseDrill(incident, 'recover anything');
    refuseSecondRun(await liveRunNamed(tx, id, `recover ${service}`));
    refuseHeld(deps.estate(), (await heldLocks(tx, locksOf([service])))[0]);
    return {
      events: [{ kind: 'recovery.requested', actor: request.actor, data: { service } }],
      effects: [
        intend('recovery.assess', `assess:${id}:${incident.chain_seq}`, {
          incident: id,
          service,
          actor: request.actor,
        }),
      ],
    };
  });
}

export interface Assessment {
  incident: number;
  service: string;
  actor: string;
  key: string; // of the effect that asked: the same assessment starts one run
  health: Record<string, Health>;
}

/** Starts the recovery that an assessment allows; what makes it impossible by now is said in the channel. */
export async function startRecovery(deps: VerbDeps, assessment: Assessment): Promise<void> {
  const { incident: id, service, actor, key, health } = assessment;
  await transactContinuing(deps, id, async (tx, continuing) => {
    const locked = await lock(tx, id);
    const { incident, now } = locked;
    const again = await liveRunNamed(tx, id, `recover ${service}`);
    if (incident.state !== 'open' || again || !(await isFirst(tx, key, LIFEBOAT))) return;
    const looked = { kind: 'recovery.assessed', actor: LIFEBOAT, data: { service, health } };
    try {
      const plan = planRecovery(deps.estate(), service, health);
      const run = { id: await nextRunId(tx), plan, actor };
      await lockPlan(deps, { tx, incident, now }, run);
      await persist(tx, incident, { ...NOTHING, events: [looked] }, now);
      await beginRun({ tx, incident, now }, run, continuing);
    } catch (error) {
      if (!(error instanceof LifeboatError)) throw error;
      const params = { service, reason: messageOf(error), fix: error.fix ?? null };
      const told = postIntent({
        incident: id,
        key: `refused:${key}`,
        template: 'recovery-refused',
        to: 'incident',
        params,
      });
      await persist(tx, incident, { events: [looked], effects: [told] }, now);
    }
  });
}
