import { isActive } from '../../domain/escalation/escalation.ts';
import { endLadder } from '../../domain/escalation/ladder-end.ts';
import { unansweredSince } from '../../domain/escalation/unanswered.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { pagesOf } from '../../store/page/pages.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

/** Nobody answered the last level in time: the ladder begins again, or its end is said; one that was answered stays quiet. */
export async function endEscalation(deps: VerbDeps, input: { incident: number; ladder: number }): Promise<void> {
  await changeIncident(deps, input.incident, null, async ({ tx, incident, now }) => {
    if (!isActive(incident, input.ladder)) return NOTHING;
    const since = unansweredSince(incident, await pagesOf(tx, incident.id));
    return endLadder(deps.estate(), incident, { since, now });
  });
}
