import { done } from '../../domain/effect/outcome.ts';
import type { ChatPort } from '../../ports/chat.ts';
import { attachFile } from './attach.ts';
import { attempt, ensure } from './attempt.ts';
import { createSlackClient } from './client.ts';
import type { SlackClientOptions } from './client.ts';
import { findMessage } from './find.ts';
import { createIdentity } from './identity.ts';
import { inviteUsers } from './invite.ts';
import { MAX_TOPIC } from './limits.ts';
import { openChannel } from './open-channel.ts';
import { postMessage, updateMessage } from './post.ts';
import { readRecords } from './read-records.ts';
import { truncate } from './text.ts';

/** Slack as a chat: each method makes its calls once and says what is known afterwards; none throws. */
export function createSlackChat(options: SlackClientOptions): ChatPort {
  const client = createSlackClient(options);
  const whoAmI = createIdentity(client);
  return {
    openChannel: (name, since) => openChannel(client, whoAmI, name, since),
    invite: (channel, users) => inviteUsers(client, channel, users),
    async setTopic(channel, topic) {
      const set = await attempt('set the topic', () =>
        client.conversations.setTopic({ channel, topic: truncate(topic, MAX_TOPIC) }),
      );
      return set.kind === 'done' ? done(undefined) : set;
    },
    post: (to, message, key) => postMessage(client, to, message, key),
    find: (to, key, since) => findMessage(client, whoAmI, { to, key, since }),
    attach: (channel, ts, file) => attachFile(client, { channel, ts }, file, options.timeoutMs ?? 10_000),
    update: (channel, ts, message) => updateMessage(client, channel, ts, message),
    pin: (channel, ts) => ensure('pin', ['already_pinned'], () => client.pins.add({ channel, timestamp: ts })),
    records: (channel) => readRecords(client, whoAmI, channel),
    archive: (channel) => ensure('archive', ['already_archived'], () => client.conversations.archive({ channel })),
  };
}
