import type { SeverityId } from '../src/domain/estate/model.ts';
import { databaseClock } from '../src/postgres/db.ts';
import type { Answer } from '../src/ports/edge.ts';
import type { Declared } from '../src/verbs/incident/declare-unless-similar.ts';
import { similarText } from '../templates/similar.ts';
import type { CommandDeps } from './command.ts';

/** What a declaration that was held back is answered with. */
export async function heldBack(
  { pool, estate }: CommandDeps,
  { incident, offer }: Extract<Declared, { kind: 'similar' }>,
  wanted: SeverityId,
): Promise<Answer> {
  const { text, blocks } = similarText({ incident, offer, wanted }, estate(), await databaseClock(pool));
  return { kind: 'message', visible: 'you', text, ...(blocks && { blocks }) };
}
