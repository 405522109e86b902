import { intend, type EffectIntent } from '../effect/effect.ts';
import type { Incident, IncidentPatch } from './incident.ts';

/** The timer of one status-update slot. */
export function slotTimer(incident: number, cadence: number, slot: number, due: Date): EffectIntent {
  const payload = { incident, cadence, slot, due: due.toISOString() };
  return intend('cadence.fire', `cadence:${incident}:${cadence}:${slot}`, payload, { due_at: due });
}

/** Starts the promise of updates anew: the next one is due `every` ms from now, and older timers mean nothing. */
export function restart(
  incident: Pick<Incident, 'id' | 'cadence'>,
  every: number,
  now: Date,
): { patch: IncidentPatch; timer: EffectIntent } {
  const cadence = incident.cadence + 1;
  const due = new Date(now.getTime() + every);
  return {
    patch: { cadence, update_slot: 1, next_update_due: due },
    timer: slotTimer(incident.id, cadence, 1, due),
  };
}

export interface Slot {
  missed: number; // slots that passed unanswered while Lifeboat was away; they collapse into this one
  late_ms: number;
  next: { slot: number; due: Date };
}

/** Answers the slot that was due at `due`: how late it is, what it stands for, and when the next one comes. */
export function answerSlot(slot: number, due: Date, every: number, now: Date): Slot {
  const late_ms = Math.max(0, now.getTime() - due.getTime());
  const missed = Math.floor(late_ms / every);
  return { missed, late_ms, next: { slot: slot + missed + 1, due: new Date(due.getTime() + (missed + 1) * every) } };
}
