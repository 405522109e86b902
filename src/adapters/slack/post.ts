import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, unknown } from '../../domain/effect/outcome.ts';
import type { ChatMessage } from '../../ports/chat.ts';
import { attempt } from './attempt.ts';
import { fitMessage } from './limits.ts';
import type { Places } from './places.ts';

/** The metadata type of every message that Lifeboat posts; its payload holds the key, and `record` where there is one. */
export const EVENT_TYPE = 'lifeboat';

export interface Posted {
  channel: string;
  ts: string;
}

/** Posts once, with the key in the message's metadata, by which `find` finds it when the answer is lost. */
export function postMessage(
  client: WebClient,
  places: Places,
  { to, message, key }: { to: string; message: ChatMessage; key: string },
): Promise<Outcome<Posted>> {
  const { text, blocks } = fitMessage(message);
  const metadata = {
    event_type: EVENT_TYPE,
    event_payload: { key, ...(message.record !== undefined && { record: message.record }) },
  };
  const place = { channel: to, ...(message.thread !== undefined && { thread_ts: message.thread }) };
  const content = { ...place, text, metadata, unfurl_links: false, unfurl_media: false };
  return places.asMember(to, async () => {
    const sent = await attempt(`post to ${to}`, () =>
      client.chat.postMessage(blocks === undefined ? content : { ...content, blocks }),
    );
    if (sent.kind !== 'done') return sent;
    const { channel, ts } = sent.value;
    if (channel === undefined || ts === undefined) return unknown(`post to ${to}: the answer names no message`);
    places.remember(to, channel);
    return done({ channel, ts });
  });
}

/** Replaces text and blocks of a message; its metadata stays, so the key keeps working. */
export async function updateMessage(
  client: WebClient,
  channel: string,
  ts: string,
  message: ChatMessage,
): Promise<Outcome> {
  const { text, blocks = [] } = fitMessage(message);
  const updated = await attempt('update the message', () => client.chat.update({ channel, ts, text, blocks }));
  return updated.kind === 'done' ? done(undefined) : updated;
}
