import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, unknown } from '../../domain/effect/outcome.ts';
import type { ChatMessage } from '../../ports/chat.ts';
import { attempt } from './attempt.ts';
import { fitMessage } from './limits.ts';
import { asMember } from './places.ts';

/** The metadata type of every message that Lifeboat posts; its payload holds the key, and `record` where there is one. */
export const EVENT_TYPE = 'lifeboat';

export interface Posted {
  channel: string;
  ts: string;
}

/** Posts once, with the key in the message's metadata, by which `findMessage` finds it when the answer is lost. */
export function postMessage(
  client: WebClient,
  to: string,
  message: ChatMessage,
  key: string,
): Promise<Outcome<Posted>> {
  const { text, blocks } = fitMessage(message);
  const metadata = {
    event_type: EVENT_TYPE,
    event_payload: { key, ...(message.record !== undefined && { record: message.record }) },
  };
  const content = { channel: to, text, metadata, unfurl_links: false, unfurl_media: false };
  return asMember(client, to, async () => {
    const sent = await attempt(`post to ${to}`, () =>
      client.chat.postMessage(blocks === undefined ? content : { ...content, blocks }),
    );
    if (sent.kind !== 'done') return sent;
    const { channel, ts } = sent.value;
    return channel === undefined || ts === undefined
      ? unknown(`post to ${to}: the answer names no message`)
      : done({ channel, ts });
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
