import type { ClaimedEffect } from '../src/domain/effect/effect.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { rejected, retry, type Outcome } from '../src/domain/effect/outcome.ts';
import type { ChatMessage, ChatPort } from '../src/ports/chat.ts';

export type Posted = { channel: string; ts: string };

/**
 * Posts a message once: after an attempt whose outcome nobody knows it first looks for the message by its key. `urgent`
 * messages are posted again when the history stays unreadable, since losing one is worse than showing it twice.
 */
export async function postOnce(
  chat: Pick<ChatPort, 'post' | 'find'>,
  effect: Pick<ClaimedEffect, 'key' | 'unknown_since'>,
  to: string,
  message: ChatMessage,
  { urgent = false }: { urgent?: boolean } = {},
): Promise<Outcome<Posted>> {
  if (effect.unknown_since) {
    const { key, unknown_since: since } = effect;
    const found = await chat.find({ to, key, since, urgent, thread: message.thread });
    if (found.kind === 'done' && found.value) return { kind: 'done', value: found.value };
    if (found.kind === 'retry')
      return retry(`whether the message arrived is not known yet: ${found.reason}`, found.after_ms);
    // Asking again would not help, and everything behind it in its lane would wait for a day.
    if (found.kind !== 'done' && !urgent)
      return rejected(`whether the message arrived cannot be read: ${found.reason}`);
  }
  return chat.post(to, message, effect.key);
}

/** Where an incident's messages go: its channel, or where it was declared while it has none. */
export function placeOf(incident: Incident, to: string): Outcome<string> {
  if (to !== 'incident') return { kind: 'done', value: to };
  const channel = incident.channel ?? incident.origin_channel;
  return channel === null ? retry('the incident has no channel yet', 5000) : { kind: 'done', value: channel };
}
