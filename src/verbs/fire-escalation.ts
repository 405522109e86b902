import { climbs, fireLevel } from '../domain/escalation.ts';
import { NOTHING } from '../domain/decision.ts';
import { pagesOf } from '../store/pages.ts';
import { changeIncident, type VerbDeps } from './context.ts';

/** Fires one level of a ladder with the people who hold its roles now; a ladder that was answered stays quiet. */
export async function fireEscalation(
  deps: VerbDeps,
  input: { incident: number; ladder: number; level: number; people: Record<string, string[]> },
): Promise<void> {
  await changeIncident(deps, input.incident, null, async ({ tx, incident }) => {
    if (!climbs(incident, input.ladder)) return NOTHING;
    const earlier = await pagesOf(tx, incident.id);
    if (earlier.some((page) => page.ladder === input.ladder && page.level === input.level)) return NOTHING;
    const paged = earlier.filter((page) => page.ladder > 0 && page.state === 'triggered').map((page) => page.role);
    return fireLevel(deps.estate(), incident, { ...input, paged });
  });
}
