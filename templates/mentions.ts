import type { Estate } from '../src/domain/estate/model.ts';
import { slackActor } from '../src/domain/estate/people.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { nameOf } from './brief-context.ts';

const MENTION = /<@([A-Z0-9]+)>/g;

/** The same message with names in the place of mentions: it wakes nobody. What people typed holds no mention. */
export function withoutMentions({ blocks, ...message }: ChatMessage, estate: Estate): ChatMessage {
  const named = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
      typeof each === 'string' ? each.replaceAll(MENTION, (_, id: string) => nameOf(estate, slackActor(id))) : each,
    ) as T;
  return { ...message, text: named(message.text), ...(blocks && { blocks: named(blocks) }) };
}
