import { NOTHING } from '../../domain/effect/decision.ts';
import { postIntent } from '../../domain/effect/intents.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { lookWords, type ServiceLook } from '../../domain/health/look.ts';
import { adviseRecovery } from '../../domain/plan/advise-recovery.ts';
import { planRecovery } from '../../domain/plan/recovery-plan.ts';
import { LifeboatError, messageOf } from '../../runtime/errors.ts';
import { persist } from '../../store/persist.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { liveRunNamed, nextRunId } from '../../store/run/runs.ts';
import { lock, transactContinuing, type VerbDeps } from '../context.ts';
import { beginRun, lockPlan } from './start-run.ts';

export interface Assessment {
  incident: number;
  service: string;
  actor: string;
  key: string; // of the effect that asked: the same assessment starts one run
  looks: ServiceLook[];
  anyway?: boolean;
}

/**
 * Starts the recovery that an assessment calls for. Where it calls for none, or for a restore, people are asked in the
 * channel; what makes it impossible by now is said there.
 */
export async function startRecovery(deps: VerbDeps, assessment: Assessment): Promise<void> {
  const { incident: id, service, actor, key, looks, anyway = false } = assessment;
  await transactContinuing(deps, id, async (tx, continuing) => {
    const locked = await lock(tx, id);
    const { incident, now } = locked;
    const again = await liveRunNamed(tx, id, `recover ${service}`);
    if (incident.state !== 'open' || again || !(await isFirst(tx, key, LIFEBOAT))) return;
    const health = Object.fromEntries(looks.map((look) => [look.service, look.health]));
    const seen = Object.fromEntries(looks.map((look) => [look.service, lookWords(look)]));
    const looked = { kind: 'recovery.assessed', actor: LIFEBOAT, data: { service, health: seen } };
    const tell = (template: string, params: Parameters<typeof postIntent>[0]['params']) =>
      persist(
        tx,
        incident,
        {
          events: [looked],
          effects: [
            postIntent({
              incident: id,
              key: `${template}:${key}`,
              template,
              to: 'incident',
              ...(params && { params }),
            }),
          ],
        },
        now,
      );
    try {
      const estate = deps.estate();
      const advice = anyway ? null : adviseRecovery(estate, service, looks);
      if (advice !== null) {
        await tell('recovery-asked', { service, ...advice, before_run: await nextRunId(tx) });
        return;
      }
      const plan = planRecovery(estate, service, health, { anyway });
      const run = { id: await nextRunId(tx), plan, actor };
      await lockPlan(deps, { tx, incident, now }, run);
      await persist(tx, incident, { ...NOTHING, events: [looked] }, now);
      await beginRun({ tx, incident, now }, run, continuing);
    } catch (error) {
      if (!(error instanceof LifeboatError)) throw error;
      await tell('recovery-refused', { service, reason: messageOf(error), fix: error.fix ?? null });
    }
  });
}
