import { SlackRefusal } from '../refusal.ts';
import { presentMessage } from '../present.ts';
import type { SlackChannel, SlackMessage } from '../state.ts';
import { type Call, channelOf, messageOf, type Method } from './method.ts';
import { readContent } from './message-content.ts';

/** A channel id, a `#name` or a user's id: a user's id means the direct message with that person. */
function destination({ team, args }: Call): SlackChannel {
  const to = args.str('channel');
  if (/^[UW]/.test(to)) {
    const user = team.user(to);
    if (!user || user.deleted) throw new SlackRefusal('channel_not_found');
    if (to === team.botUser || user.is_bot) throw new SlackRefusal('cannot_dm_bot');
    return team.openIm(to);
  }
  const channel = team.findChannel(to);
  if (!channel || (channel.is_private && !team.isMember(channel, team.botUser)))
    throw new SlackRefusal('channel_not_found');
  if (channel.is_archived) throw new SlackRefusal('is_archived');
  if (!team.isMember(channel, team.botUser)) throw new SlackRefusal('not_in_channel');
  return channel;
}

/** The root of the thread that a post joins. Replies to a reply join the reply's thread. */
function threadOf({ team, args }: Call, channel: SlackChannel): string | undefined {
  const ts = args.str('thread_ts');
  if (ts === '') return undefined;
  const parent = team.findMessage(channel.id, ts);
  if (!parent) throw new SlackRefusal('thread_not_found');
  return parent.thread_ts ?? parent.ts;
}

const postMessage: Method = {
  tier: 'post',
  run(call) {
    const { team, args } = call;
    const content = readContent(args, 40_000, team.nextBlockId);
    const channel = destination(call);
    const thread = threadOf(call, channel);
    const message: SlackMessage = {
      ...content,
      channel: channel.id,
      ts: team.nextTs(),
      user: team.botUser,
      bot_id: team.state.bot.bot_id,
      posted_at: team.now(),
      edits: 0,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    };
    team.addMessage(message);
    return { channel: channel.id, ts: message.ts, message: presentMessage(team.state, message) };
  },
};

const postEphemeral: Method = {
  tier: 4,
  run(call) {
    const { team, args } = call;
    const content = readContent(args, 40_000, team.nextBlockId);
    const channel = destination(call);
    const user = args.str('user');
    if (!team.user(user)) throw new SlackRefusal('user_not_found');
    if (!team.isMember(channel, user)) throw new SlackRefusal('user_not_in_channel');
    const ts = team.nextTs();
    team.addEphemeral({ id: team.nextId('E'), channel: channel.id, user, ts, via: 'chat.postEphemeral', ...content });
    return { message_ts: ts };
  },
};

const update: Method = {
  tier: 3,
  run(call) {
    const { team, args } = call;
    const channel = channelOf(call);
    if (channel.is_archived) throw new SlackRefusal('is_archived');
    const message = messageOf(call, channel, 'ts');
    if (message.user !== team.botUser) throw new SlackRefusal('cant_update_message');
    // Slack keeps what an update does not mention; an empty list or object removes it.
    const content = readContent(args, 4000, team.nextBlockId);
    if (args.isEmpty('blocks')) delete message.blocks;
    if (args.isEmpty('attachments')) delete message.attachments;
    if (args.isEmpty('metadata')) delete message.metadata;
    Object.assign(message, content, { edited: { user: team.botUser, ts: team.nextTs() }, edits: message.edits + 1 });
    team.announce('updated', message);
    return { channel: channel.id, ts: message.ts, text: message.text, message: presentMessage(team.state, message) };
  },
};

const remove: Method = {
  tier: 3,
  run(call) {
    const { team } = call;
    const channel = channelOf(call);
    if (channel.is_archived) throw new SlackRefusal('is_archived');
    const message = messageOf(call, channel, 'ts');
    if (message.user !== team.botUser) throw new SlackRefusal('cant_delete_message');
    team.state.messages[channel.id] = team.messagesOf(channel.id).filter((other) => other !== message);
    channel.pins = channel.pins.filter((ts) => ts !== message.ts);
    team.announce('deleted', message);
    return { channel: channel.id, ts: message.ts };
  },
};

const getPermalink: Method = {
  tier: 'special',
  run(call) {
    const channel = channelOf(call);
    const message = messageOf(call, channel, 'message_ts');
    const permalink = `${call.base}/archives/${channel.id}/p${message.ts.replace('.', '')}`;
    return { channel: channel.id, permalink };
  },
};

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
