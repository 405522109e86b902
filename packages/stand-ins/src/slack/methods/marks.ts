import { presentMessage } from '../present.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackBookmark, SlackMessage } from '../state.ts';
import { type Call, channelOf, messageOf, type Method, ownChannelOf } from './method.ts';
import { compact } from '../present.ts';

/** Slack: at most 100 pins and 100 bookmarks in a channel. */
const most = 100;

const pin: Method = {
  tier: 2,
  run(call) {
    const channel = ownChannelOf(call);
    if (!call.args.has('timestamp')) throw new SlackRefusal('no_item_specified');
    const message = messageOf(call, channel, 'timestamp');
    if (channel.pins.includes(message.ts)) throw new SlackRefusal('already_pinned');
    if (channel.pins.length >= most) throw new SlackRefusal('too_many_pins');
    channel.pins.push(message.ts);
    call.team.announce('channel', channel);
    return {};
  },
};

const unpin: Method = {
  tier: 2,
  run(call) {
    const channel = ownChannelOf(call);
    const ts = call.args.str('timestamp');
    if (!channel.pins.includes(ts)) throw new SlackRefusal('no_pin');
    channel.pins = channel.pins.filter((other) => other !== ts);
    call.team.announce('channel', channel);
    return {};
  },
};

const listPins: Method = {
  tier: 2,
  run(call) {
    const { team } = call;
    const channel = channelOf(call);
    const messages = channel.pins.flatMap((ts) => team.findMessage(channel.id, ts) ?? []);
    return {
      items: messages.map((message) => ({
        type: 'message',
        channel: channel.id,
        message: presentMessage(team.state, message),
      })),
    };
  },
};

const showBookmark = (channel: string, mark: SlackBookmark) =>
  compact({ id: mark.id, channel_id: channel, title: mark.title, type: mark.type, link: mark.link, emoji: mark.emoji });

const addBookmark: Method = {
  tier: 2,
  run(call) {
    const { team, args } = call;
    const channel = channelOf({ ...call, args }, 'channel_id');
    if (!team.isMember(channel, team.botUser)) throw new SlackRefusal('not_in_channel');
    if (args.str('type') !== 'link') throw new SlackRefusal('invalid_bookmark_type');
    if (!/^https?:\/\//.test(args.str('link'))) throw new SlackRefusal('invalid_link');
    if (args.str('title') === '') throw new SlackRefusal('invalid_arguments', ['title is required']);
    if (channel.bookmarks.length >= most) throw new SlackRefusal('too_many_bookmarks');
    const mark: SlackBookmark = {
      id: team.nextId('Bk'),
      title: args.str('title'),
      type: 'link',
      link: args.str('link'),
    };
    channel.bookmarks.push(args.has('emoji') ? { ...mark, emoji: args.str('emoji') } : mark);
    team.announce('channel', channel);
    return { bookmark: showBookmark(channel.id, mark) };
  },
};

const listBookmarks: Method = {
  tier: 3,
  run(call) {
    const channel = channelOf(call, 'channel_id');
    return { bookmarks: channel.bookmarks.map((mark) => showBookmark(channel.id, mark)) };
  },
};

function reactedMessage(call: Call): SlackMessage {
  const channel = channelOf(call);
  if (!call.team.isMember(channel, call.team.botUser)) throw new SlackRefusal('not_in_channel');
  return messageOf(call, channel, 'timestamp');
}

function emojiOf(call: Call): string {
  const name = call.args.str('name').replaceAll(':', '');
  if (!/^[\w+'-]+$/.test(name)) throw new SlackRefusal('invalid_name');
  return name;
}

const addReaction: Method = {
  tier: 3,
  run(call) {
    const { team } = call;
    const name = emojiOf(call);
    const message = reactedMessage(call);
    const reactions = (message.reactions ??= []);
    const reaction = reactions.find((other) => other.name === name);
    if (reaction?.users.includes(team.botUser)) throw new SlackRefusal('already_reacted');
    if (reaction) reaction.users.push(team.botUser);
    else reactions.push({ name, users: [team.botUser] });
    team.announce('updated', message);
    return {};
  },
};

const removeReaction: Method = {
  tier: 2,
  run(call) {
    const { team } = call;
    const name = emojiOf(call);
    const message = reactedMessage(call);
    const reaction = message.reactions?.find((other) => other.name === name);
    if (!reaction?.users.includes(team.botUser)) throw new SlackRefusal('no_reaction');
    reaction.users = reaction.users.filter((user) => user !== team.botUser);
    message.reactions = (message.reactions ?? []).filter((other) => other.users.length > 0);
    team.announce('updated', message);
    return {};
  },
};

const getReactions: Method = {
  tier: 3,
  run(call) {
    const message = reactedMessage(call);
    return { type: 'message', channel: message.channel, message: presentMessage(call.team.state, message) };
  },
};

export const markMethods: Record<string, Method> = {
  'pins.add': pin,
  'pins.remove': unpin,
  'pins.list': listPins,
  'bookmarks.add': addBookmark,
  'bookmarks.list': listBookmarks,
  'reactions.add': addReaction,
  'reactions.remove': removeReaction,
  'reactions.get': getReactions,
};
