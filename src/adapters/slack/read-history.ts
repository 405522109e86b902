import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, retry } from '../../domain/effect/outcome.ts';
import type { Search } from '../../ports/chat.ts';
import { isRefusal, read } from './attempt.ts';
import type { Identity } from './identity.ts';
import type { Places } from './places.ts';
import { EVENT_TYPE } from './post.ts';
import type { Posted } from './post.ts';

/** How far Slack's clock and ours may be apart, in ms. */
const SKEW_MS = 60_000;

const PAGE = 500;

interface HistoryMessage {
  ts?: string;
  bot_id?: string;
  metadata?: { event_type?: string; event_payload?: unknown };
}

/** Reads the conversation's history to its end for the own message with `key`; done(null) when it is not there. */
export async function readHistory(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  places: Places,
  search: Search,
): Promise<Outcome<Posted | null>> {
  const me = await whoAmI();
  if (me.kind !== 'done') return me;
  const place = await places.resolve(search.to);
  if (place.kind !== 'done') return place;
  const channel = place.value;
  const read = await places.asMember(channel, () => readPages(client, channel, search, me.value));
  if (!isRefusal(read, 'channel_not_found') || channel === search.to) return read;
  // The name is another channel's by now.
  places.forget(search.to);
  return retry(`read the history of ${search.to}: the channel is gone`);
}

async function readPages(
  client: WebClient,
  channel: string,
  { key, since, thread }: Search,
  me: Identity,
): Promise<Outcome<Posted | null>> {
  const oldest = (Math.max(0, since.getTime() - SKEW_MS) / 1_000).toFixed(6);
  let cursor = '';
  do {
    const part = { channel, oldest, limit: PAGE, include_all_metadata: true, ...(cursor === '' ? {} : { cursor }) };
    const page = await (thread === undefined
      ? read('read the history', () => client.conversations.history(part))
      : read('read the thread', () => client.conversations.replies({ ...part, ts: thread })));
    if (page.kind !== 'done') return page;
    const messages: HistoryMessage[] = page.value.messages ?? [];
    const found = messages.find((message) => isOwn(message, key, me));
    if (found?.ts !== undefined) return done({ channel, ts: found.ts });
    cursor = page.value.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return done(null);
}

/** Any app may post metadata of any type, so the message must also be the bot's own. */
function isOwn({ bot_id, metadata }: HistoryMessage, key: string, me: Identity): boolean {
  if (metadata?.event_type !== EVENT_TYPE) return false;
  if (me.bot !== undefined && bot_id !== undefined && bot_id !== me.bot) return false;
  const payload = metadata.event_payload;
  return typeof payload === 'object' && payload !== null && 'key' in payload && payload.key === key;
}
