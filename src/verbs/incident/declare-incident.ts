import { channelName, type Incident } from '../../domain/incident/incident.ts';
import { fireFirstLevels } from '../../domain/escalation/first-levels.ts';
import { LIFEBOAT } from '../../domain/estate/people.ts';
import { declare } from '../../domain/incident/decisions.ts';
import type { Mode } from '../../domain/incident/subject.ts';
import type { SeverityId } from '../../domain/estate/model.ts';
import { serviceOf } from '../../domain/plan/recovery-plan.ts';
import { needShort, TEXT_LIMIT } from '../../domain/text/limits.ts';
import { undirected } from '../../domain/text/invisible.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { transact } from '../../postgres/db.ts';
import { insertIncident } from '../../store/incident/incidents.ts';
import { persist } from '../../store/persist.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { levelKey } from '../page/fire-escalation.ts';
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

const TITLE_LIMIT = 150; // Slack: a header block holds 150 characters

/** Declares an incident; channel, card, pages, notices and timers are intended in the same transaction. */
export async function declareIncident(deps: VerbDeps, request: Request, input: DeclareInput): Promise<Incident> {
  const estate = deps.estate();
  const title = undirected(input.title.replaceAll(/\p{Cc}+/gu, ' ')).trim();
  const description = input.description?.trim() || null;
  // Invisible words would leave every message without a title, and such messages are not sent.
  if (!/[^\p{C}\p{Z}\p{M}]/u.test(title))
    throw new LifeboatError('invalid', 'the title is empty', '`/dr declare P1 what is broken`');
  if (title.length > TITLE_LIMIT) {
    throw new LifeboatError(
      'invalid',
      `the title has ${title.length} characters`,
      `at most ${TITLE_LIMIT}; add the rest with \`/dr note\``,
    );
  }
  needShort(
    description,
    'the description',
    TEXT_LIMIT,
    'declare with the beginning, and post the rest with `/dr update`',
  );
  if (input.service !== null) serviceOf(estate, input.service);
  return transact(deps.pool, async (tx) => {
    await deduplicate(tx, request);
    const { incident, now } = await insertIncident(
      tx,
      { mode: 'live', ...input, title, declared_by: request.actor, origin_channel: input.channel },
      channelName,
    );
    const { fired } = fireFirstLevels(estate, incident);
    const keys = Array.from({ length: fired }, (_, level) => levelKey(incident.id, incident.ladder, level));
    await Promise.all([
      ...keys.map((key) => isFirst(tx, key, LIFEBOAT)),
      persist(tx, incident, declare(estate, incident, description), now),
    ]);
    return incident;
  });
}
