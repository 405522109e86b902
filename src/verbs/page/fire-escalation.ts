import { directMessages, fireLevel, isActive, policyOf, tellPeople } from '../../domain/escalation/escalation.ts';
import { merge, NOTHING, type Decision } from '../../domain/effect/decision.ts';
import { cardIntent } from '../../domain/effect/intents.ts';
import type { RoleHolders } from '../../domain/estate/holders.ts';
import type { Estate } from '../../domain/estate/model.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { adoptPages, answeredRoles, namePeople, ringingRoles, type PageRow } from '../../store/page/pages.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

export interface DueLevel {
  incident: number;
  ladder: number;
  level: number;
  /** The ladder goes on after an acknowledgement was taken back. */
  resumed?: boolean;
  /** Who holds the level's roles now. */
  holders: RoleHolders;
}

/**
 * Fires one level of a ladder with the people who hold its roles now; a ladder that was answered stays quiet. A page of
 * an earlier ladder that still rings becomes this level's, so that its answer is an answer to this ladder. Of a level that
 * fired with the declaration, only the people are named that a schedule knew.
 */
export async function fireEscalation(deps: VerbDeps, input: DueLevel): Promise<void> {
  await changeIncident(deps, input.incident, null, async ({ tx, incident }) => {
    if (!isActive(incident, input.ladder)) return NOTHING;
    const { ladder, level, holders } = input;
    const estate = deps.estate();
    if (!(await isFirst(tx, levelKey(incident.id, ladder, level), LIFEBOAT))) {
      return tellPeople(estate, incident, await namePeople(tx, input, holders), holders);
    }
    const asked = policyOf(estate, incident)[level]?.page ?? [];
    const ringing = (await ringingRoles(tx, incident.id, ladder)).filter((role) => asked.includes(role));
    const adopted = await adoptPages(tx, incident.id, ladder, ringing);
    if (input.resumed !== true) return fireLevel(estate, incident, { ladder, level, holders, paged: ringing });
    const paged = [...ringing, ...(await answeredRoles(tx, incident.id, ladder))];
    const silent = asked.length > 0 && asked.every((role) => paged.includes(role));
    const fired = silent ? NOTHING : fireLevel(estate, incident, { ladder, level, holders, paged });
    return merge(remind(estate, incident, adopted), fired);
  });
}

/** The pager rings by itself again; the people read it once more, too. */
function remind(estate: Estate, incident: Incident, pages: PageRow[]): Decision {
  if (pages.length === 0) return NOTHING;
  const again = `:again:${incident.ladder}`;
  return {
    events: [],
    effects: [
      ...pages.flatMap((page) => directMessages(estate, incident, page, again)),
      cardIntent(incident.id, `rings${again}`),
    ],
  };
}

/** What a level that fired is known by. */
export const levelKey = (incident: number, ladder: number, level: number): string =>
  `ladder:${incident}:${ladder}:${level}`;
