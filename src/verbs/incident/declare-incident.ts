import { channelName, type Incident } from '../../domain/incident/incident.ts';
import { fireFirstLevels } from '../../domain/escalation/first-levels.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { declare } from '../../domain/incident/decisions.ts';
import type { Mode } from '../../domain/incident/subject.ts';
import { needTitle } from '../../domain/incident/identity.ts';
import type { Estate, SeverityId } from '../../domain/estate/model.ts';
import { serviceOf } from '../../domain/plan/recovery-plan.ts';
import { needShort, TEXT_LIMIT } from '../../domain/text/limits.ts';
import { transact, type Tx } from '../../postgres/db.ts';
import { insertIncident } from '../../store/incident/incidents.ts';
import { persist } from '../../store/persist.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { levelKey } from '../page/fire-escalation.ts';
import type { OwnKey } from '../../domain/escalation/reach.ts';
import { deduplicate, type Request, type VerbDeps } from '../context.ts';

export interface DeclareInput {
  title: string;
  severity: SeverityId;
  service: string | null;
  channel: string | null; // where it was declared
  /** What was typed where the title has no room for it. */
  description?: string | null;
  /** Absent: live. */
  mode?: Mode;
}

/** What is declared, as it is kept; throws what is wrong with it. */
export function readDeclaration(estate: Estate, input: DeclareInput): DeclareInput {
  const title = needTitle(input.title, '`/dr declare P1 what is broken`');
  const description = input.description?.trim() || null;
  needShort(
    description,
    'the description',
    TEXT_LIMIT,
    'declare with the beginning, and post the rest with `/dr update`',
  );
  if (input.service !== null) serviceOf(estate, input.service);
  return { ...input, title, description };
}

/** Declares an incident; channel, card, pages, notices and timers are intended in the same transaction. */
export async function declareIncident(deps: VerbDeps, request: Request, input: DeclareInput): Promise<Incident> {
  const estate = deps.estate();
  const read = readDeclaration(estate, input);
  return transact(deps.pool, async (tx) => {
    await deduplicate(tx, request);
    return declareIn(tx, estate, request, read, deps.ownKey);
  });
}

/** The declaration itself, in the transaction that took the request. */
export async function declareIn(
  tx: Tx,
  estate: Estate,
  { actor }: Request,
  { description = null, ...input }: DeclareInput,
  ownKey?: OwnKey,
): Promise<Incident> {
  const { incident, now } = await insertIncident(
    tx,
    { mode: 'live', ...input, declared_by: actor, origin_channel: input.channel },
    channelName,
  );
  const { fired } = fireFirstLevels(estate, incident, ownKey);
  const keys = Array.from({ length: fired }, (_, level) => levelKey(incident.id, incident.ladder, level));
  await Promise.all([
    ...keys.map((key) => isFirst(tx, key, LIFEBOAT)),
    persist(tx, incident, declare(estate, incident, description, ownKey), now),
  ]);
  return incident;
}
