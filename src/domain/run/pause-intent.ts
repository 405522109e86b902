import { intend, type EffectIntent } from '../effect/effect.ts';
import type { Run } from './model.ts';

export const pausePostKey = (run: number, pause: number): string => `pause:${run}:${pause}:post`;

/** Posts the message about a run's pause, or shows on it what became of the pause. */
export function pauseIntent(
  kind: 'pause.post' | 'pause.render',
  run: Run,
  reason: string,
  actor: string,
): EffectIntent {
  const { id, pauses: pause, incident_id: incident } = run;
  const payload = { incident, run: id, pause, reason, actor };
  return intend(kind, kind === 'pause.post' ? pausePostKey(id, pause) : `pause:${id}:${pause}`, payload);
}

/** The pause is over: its message loses its buttons. */
export const pauseOver = (run: Run): EffectIntent =>
  pauseIntent('pause.render', run, run.reason ?? 'it is over', run.paused_by ?? 'lifeboat');
