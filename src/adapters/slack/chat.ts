import { done } from '../../domain/effect/outcome.ts';
import type { ChatPort } from '../../ports/chat.ts';
import type { Log } from '../../runtime/log.ts';
import { createAbsence } from './absence.ts';
import { attachFile } from './attach.ts';
import { attempt, ensure } from './attempt.ts';
import { createSlackClient } from './client.ts';
import type { SlackClientOptions } from './client.ts';
import { readHistory } from './read-history.ts';
import { createSlackHealth } from './health.ts';
import { createIdentity } from './identity.ts';
import { inviteUsers } from './invite.ts';
import { MAX_TOPIC } from './limits.ts';
import { createOpenChannel } from './open-channel.ts';
import { createPlaces } from './places.ts';
import { postMessage, updateMessage } from './post.ts';
import { readRecords } from './read-records.ts';
import { truncate } from './text.ts';

export interface SlackChatOptions extends SlackClientOptions {
  /** Hears once of each cause for which Slack refuses the token or a permission. */
  log?: Log;
}

/** Slack as a chat: each method makes its calls once and says what is known afterwards; none throws. */
export function createSlackChat(options: SlackChatOptions): ChatPort {
  const client = createSlackClient(options);
  const whoAmI = createIdentity(client);
  const places = createPlaces(client);
  const absence = createAbsence();
  const openChannel = createOpenChannel(client, whoAmI);
  const health = createSlackHealth(client, options.log);
  return {
    health: () => health.health(),
    openChannel: (wanted) => health.watch('open a channel', openChannel(wanted)),
    invite: (channel, users) => health.watch('invite', inviteUsers(client, channel, users)),
    setTopic: (channel, topic) => health.watch('set the topic', setTopic(channel, topic)),
    post(to, message, key) {
      absence.forget(key);
      return health.watch('post', postMessage(client, places, { to, message, key }));
    },
    async find(search) {
      const reading = await health.watch('read the history', readHistory(client, whoAmI, places, search));
      return absence.judge(search, reading);
    },
    attach: (channel, ts, file) =>
      health.watch('attach', attachFile(client, { channel, ts }, file, options.timeoutMs ?? 10_000)),
    update: (channel, ts, message) => health.watch('update', updateMessage(client, channel, ts, message)),
    pin: (channel, ts) =>
      health.watch(
        'pin',
        ensure('pin', ['already_pinned'], () => client.pins.add({ channel, timestamp: ts })),
      ),
    records: (channel) => readRecords(client, whoAmI, channel),
    archive: (channel) =>
      health.watch(
        'archive',
        ensure('archive', ['already_archived'], () => client.conversations.archive({ channel })),
      ),
    // Slack's documentation: bot tokens cannot do it; it answers `not_in_channel`, since archiving puts the bot out.
    unarchive: (channel) =>
      health.watch(
        'unarchive',
        ensure('unarchive', ['not_archived'], () => client.conversations.unarchive({ channel })),
      ),
  };

  async function setTopic(channel: string, topic: string) {
    const set = await attempt('set the topic', () =>
      client.conversations.setTopic({ channel, topic: truncate(topic, MAX_TOPIC) }),
    );
    return set.kind === 'done' ? done(undefined) : set;
  }
}
