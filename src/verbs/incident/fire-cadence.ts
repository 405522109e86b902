import * as cadence from '../../domain/incident/cadence.ts';
import { merge, NOTHING } from '../../domain/effect/decision.ts';
import { rtoTimers } from '../../domain/escalation/rto.ts';
import { postUpdate } from '../../domain/incident/decisions.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

/** Answers one slot of the cadence with an automatic update; a slot that was answered or replaced changes nothing. */
export async function fireCadence(
  deps: VerbDeps,
  input: { incident: number; cadence: number; slot: number; due: Date },
): Promise<void> {
  const estate = deps.estate();
  await changeIncident(deps, input.incident, null, ({ incident, now }) => {
    const answered =
      incident.state !== 'open' || incident.cadence !== input.cadence || incident.update_slot !== input.slot;
    if (answered) return NOTHING;
    const every = estate.severities[incident.severity].update_every;
    const { missed, late_ms, next } = cadence.answerSlot(input.slot, input.due, every, now);
    const update = {
      key: `update:${input.cadence}:${input.slot}`,
      text: null,
      actor: LIFEBOAT,
      data: { due: input.due.toISOString(), late_ms, missed },
    };
    return merge(
      {
        incident: { update_slot: next.slot, next_update_due: next.due },
        events: [],
        // The objective's own timer is there already, unless a reload changed the objective.
        effects: [cadence.slotTimer(incident.id, input.cadence, next.slot, next.due), ...rtoTimers(estate, incident)],
      },
      postUpdate(estate, incident, update),
    );
  });
}
