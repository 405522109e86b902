import type { Decision } from '../effect/decision.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { cardIntent, postIntent } from '../effect/intents.ts';
import type { Estate, EscalationLevel } from '../estate/model.ts';
import { LIFEBOAT, slackOf } from '../estate/people.ts';
import type { Incident } from '../incident/incident.ts';
import { escalationOf, ladderTimers, levelTimer, type LadderStart } from './escalation.ts';

const MINUTE = 60_000;
/** Whom the last level woke has to find a computer; nobody waits longer than half an hour to hear that nobody comes. */
const [LEAST, MOST] = [5 * MINUTE, 30 * MINUTE];
/** Where one level is all that there is. */
const USUAL = 15 * MINUTE;

/** How long whom the last level asked have to answer, in ms: the pace that the policy's last levels have. */
export function patienceOf(levels: readonly Pick<EscalationLevel, 'after'>[]): number {
  const [last, before] = [levels.at(-1), levels.at(-2)];
  if (!last || !before) return USUAL;
  return Math.min(MOST, Math.max(LEAST, last.after - before.after));
}

/**
 * What follows a level that fired: the timer of the next one, which is there already unless a reload added the level; after
 * the last one the ladder's end. A policy that pages nobody asks nobody, so nothing ends there.
 */
export function afterLevel(
  estate: Estate,
  incident: Incident,
  level: number,
  now: Date,
  start: LadderStart = {},
): EffectIntent[] {
  const policy = escalationOf(estate, incident);
  if (!policy?.levels.some(({ page }) => page.length > 0)) return [];
  const next = policy.levels[level + 1];
  if (next) return [levelTimer(incident, next, level + 1, start)];
  const { id, ladder } = incident;
  const due_at = new Date(now.getTime() + policy.patience);
  return [intend('escalation.end', `ladder:${id}:${ladder}:end`, { incident: id, ladder }, { due_at })];
}

/** Nobody answered whom the last level asked: the policy begins again, or it is said aloud that nobody else is paged. */
export function endLadder(estate: Estate, incident: Incident, input: { since: Date | null; now: Date }): Decision {
  const { id, ladder, ladder_round } = incident;
  const policy = escalationOf(estate, incident);
  const more = policy && (policy.repeat === 'until_answered' || ladder_round < policy.repeat);
  if (more) {
    const patch = { ladder: ladder + 1, ladder_from: input.now, ladder_round: ladder_round + 1 };
    const next = { ...incident, ...patch };
    return {
      incident: patch,
      events: [{ kind: 'escalation.repeated', actor: LIFEBOAT, data: { round: next.ladder_round + 1 } }],
      effects: ladderTimers(next, policy.levels, { again: true }),
    };
  }
  const key = `ladder:${ladder}:ended`;
  const params = { since: input.since?.toISOString() ?? null };
  const declarer = slackOf(estate, incident.declared_by);
  return {
    events: [{ kind: 'escalation.ended', actor: LIFEBOAT, data: { ladder, ...params } }],
    effects: [
      ...['incident', ...(declarer === null ? [] : [declarer])].map((to) =>
        postIntent({ incident: id, key, template: 'escalation-ended', to, params }),
      ),
      cardIntent(id, key),
    ],
  };
}
