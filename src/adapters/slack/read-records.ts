import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done } from '../../domain/effect/outcome.ts';
import { read } from './attempt.ts';
import type { Identity } from './identity.ts';
import { EVENT_TYPE } from './post.ts';

/** One page: the newest messages say the most, and a person waits for it. */
const LOOKED_AT = 200;

/** The `record` of the bot's own messages among the newest of a channel, the newest message first. */
export async function readRecords(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  channel: string,
): Promise<Outcome<string[]>> {
  const me = await whoAmI();
  if (me.kind !== 'done') return me;
  const page = await read('read the history', () =>
    client.conversations.history({ channel, limit: LOOKED_AT, include_all_metadata: true }),
  );
  if (page.kind !== 'done') return page;
  const own = (page.value.messages ?? []).filter(
    ({ bot_id, metadata }) =>
      metadata?.event_type === EVENT_TYPE &&
      (me.value.bot === undefined || bot_id === undefined || bot_id === me.value.bot),
  );
  return done(own.map(({ metadata }) => recordIn(metadata?.event_payload)).filter((record) => record !== null));
}

function recordIn(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null || !('record' in payload)) return null;
  return typeof payload.record === 'string' ? payload.record : null;
}
