import { isActive, fireLevel, policyOf, tellPeople } from '../../domain/escalation/escalation.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { adoptPages, namePeople, ringingRoles } from '../../store/page/pages.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

/**
 * Fires one level of a ladder with the people who hold its roles now; a ladder that was answered stays quiet. A page of
 * an earlier ladder that still rings becomes this level's, so that its answer is an answer to this ladder. Of a level that
 * fired with the declaration, only the people are named that a schedule knew.
 */
export async function fireEscalation(
  deps: VerbDeps,
  input: { incident: number; ladder: number; level: number; people: Record<string, string[]> },
): Promise<void> {
  await changeIncident(deps, input.incident, null, async ({ tx, incident }) => {
    if (!isActive(incident, input.ladder)) return NOTHING;
    const { ladder, level } = input;
    if (!(await isFirst(tx, levelKey(incident.id, ladder, level), LIFEBOAT))) {
      return tellPeople(deps.estate(), incident, await namePeople(tx, input, input.people));
    }
    const paged = await ringingRoles(tx, incident.id, ladder);
    const estate = deps.estate();
    const asked = policyOf(estate, incident)[level]?.page ?? [];
    await adoptPages(
      tx,
      incident.id,
      ladder,
      asked.filter((role) => paged.includes(role)),
    );
    return fireLevel(estate, incident, { ...input, paged });
  });
}

/** What a level that fired is known by. */
export const levelKey = (incident: number, ladder: number, level: number): string =>
  `ladder:${incident}:${ladder}:${level}`;
