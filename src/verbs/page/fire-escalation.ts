import {
  directMessages,
  fireLevel,
  isActive,
  levelDue,
  pagerIntent,
  policyOf,
  tellPeople,
} from '../../domain/escalation/escalation.ts';
import { afterLevel } from '../../domain/escalation/ladder-end.ts';
import { NO_OWN_KEY } from '../../domain/escalation/reach.ts';
import { unansweredSince } from '../../domain/escalation/unanswered.ts';
import { merge, NOTHING, type Decision } from '../../domain/effect/decision.ts';
import { cardIntent } from '../../domain/effect/intents.ts';
import type { RoleHolders } from '../../domain/estate/holders.ts';
import type { Estate } from '../../domain/estate/model.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Tx } from '../../postgres/db.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import {
  adoptPages,
  answeredRoles,
  namePeople,
  pagesOf,
  replacePages,
  ringingRoles,
  type PageRow,
} from '../../store/page/pages.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

export interface DueLevel {
  incident: number;
  ladder: number;
  level: number;
  /** The ladder goes on after an acknowledgement was taken back. */
  resumed?: boolean;
  /** Whoever rings is paged anew, and their old page ends. */
  again?: boolean;
  /** Who holds the level's roles now. */
  holders: RoleHolders;
}

/**
 * Fires one level of a ladder with the people who hold its roles now; a ladder that was answered stays quiet. What of an
 * earlier ladder still rings becomes this level's, so that its answer is an answer to this ladder, or is replaced (`again`).
 * Of a level that fired with the declaration, only the people are named that a schedule knew.
 */
export async function fireEscalation(deps: VerbDeps, input: DueLevel): Promise<void> {
  await changeIncident(deps, input.incident, null, async ({ tx, incident, now }) => {
    if (!isActive(incident, input.ladder)) return NOTHING;
    const { ladder, level, holders, resumed = false, again = false } = input;
    const estate = deps.estate();
    if (!(await isFirst(tx, levelKey(incident.id, ladder, level), LIFEBOAT))) {
      return tellPeople(estate, incident, await namePeople(tx, input, holders), holders);
    }
    const since = unansweredSince(incident, await pagesOf(tx, incident.id));
    const { decision, paged, silent } = await (again ? replace : resumed ? resume : adopt)(tx, estate, incident, level);
    const asked = { since, now, ownKey: deps.ownKey ?? NO_OWN_KEY };
    const fired = silent ? NOTHING : fireLevel(estate, incident, { ladder, level, holders, paged, ...asked });
    const next = { events: [], effects: afterLevel(estate, incident, level, now, { resumed, again }) };
    return merge(decision, fired, next);
  });
}

/** What becomes of earlier pages at a level: the roles that it does not page, and whether it then does nothing at all. */
interface Earlier {
  decision: Decision;
  paged: string[];
  silent: boolean;
}

const rolesOf = (estate: Estate, incident: Incident, level: number): string[] =>
  policyOf(estate, incident)[level]?.page ?? [];

async function adopted(
  tx: Tx,
  estate: Estate,
  { id, ladder, ...rest }: Incident,
  level: number,
): Promise<{ ringing: string[]; pages: PageRow[] }> {
  const asked = rolesOf(estate, { id, ladder, ...rest }, level);
  const ringing = (await ringingRoles(tx, id, ladder)).filter((role) => asked.includes(role));
  return { ringing, pages: await adoptPages(tx, id, ladder, ringing) };
}

async function adopt(tx: Tx, estate: Estate, incident: Incident, level: number): Promise<Earlier> {
  const { ringing } = await adopted(tx, estate, incident, level);
  return { decision: NOTHING, paged: ringing, silent: false };
}

/** After an answer was taken back: what rings is told again, and what others answered stays quiet. */
async function resume(tx: Tx, estate: Estate, incident: Incident, level: number): Promise<Earlier> {
  const { ringing, pages } = await adopted(tx, estate, incident, level);
  const paged = [...ringing, ...(await answeredRoles(tx, incident.id, incident.ladder))];
  return { decision: remind(estate, incident, pages), paged, silent: isNobodyLeft(estate, incident, level, paged) };
}

/** After a raise, or all levels in vain: old pages end. What was past at the raise and answered is not repeated. */
async function replace(tx: Tx, estate: Estate, incident: Incident, level: number): Promise<Earlier> {
  const { id, ladder, unanswered_from, chain_seq } = incident;
  const each = policyOf(estate, incident)[level];
  const isPast = each !== undefined && unanswered_from !== null && levelDue(incident, each) <= unanswered_from;
  const answered = isPast ? await answeredRoles(tx, id, ladder) : [];
  const asked = rolesOf(estate, incident, level).filter((role) => !answered.includes(role));
  const keys = await replacePages(tx, id, ladder, asked);
  return {
    decision: { events: [], effects: keys.map((key) => pagerIntent(id, key, 'resolve', `:${chain_seq}`)) },
    paged: answered,
    silent: isNobodyLeft(estate, incident, level, answered),
  };
}

function isNobodyLeft(estate: Estate, incident: Incident, level: number, paged: readonly string[]): boolean {
  const asked = rolesOf(estate, incident, level);
  return asked.length > 0 && asked.every((role) => paged.includes(role));
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
