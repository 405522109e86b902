import { characters } from '../args.ts';
import { newChannel } from '../defaults.ts';
import { presentChannel } from '../present.ts';
import type { Tier } from '../limits.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackChannel } from '../state.ts';
import type { Team } from '../team.ts';
import { type Call, channelOf, type Method, ownChannelOf, page } from './method.ts';

/** Slack: lower case letters, digits, hyphens and underscores, at most 80 characters; archived names stay taken. */
function checkName(team: Team, name: string): string {
  if (name === '') throw new SlackRefusal('invalid_name_required');
  if (characters(name) > 80) throw new SlackRefusal('invalid_name_maxlength');
  if (/^[-_]+$/.test(name)) throw new SlackRefusal('invalid_name_punctuation');
  if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) throw new SlackRefusal('invalid_name_specials');
  if (team.findChannel(`#${name}`)) throw new SlackRefusal('name_taken');
  return name;
}

const show = (call: Call, channel: SlackChannel) => ({ channel: presentChannel(channel, call.team.botUser) });

const create: Method = {
  tier: 2,
  run(call) {
    const { team, args } = call;
    const name = checkName(team, args.str('name'));
    const channel = newChannel(team.nextId('C'), name, team.botUser, Math.floor(team.now() / 1000));
    channel.is_private = args.flag('is_private');
    channel.members = [team.botUser];
    team.addChannel(channel);
    return show(call, channel);
  },
};

const info: Method = { tier: 3, run: (call) => show(call, channelOf(call)) };

/** All channels that the bot may see, or only those that it is a member of. */
const listing = (tier: Tier, own: boolean): Method => ({
  tier,
  run({ team, args }) {
    const types = args.has('types') ? args.list('types') : ['public_channel'];
    const typeOf = (channel: SlackChannel) =>
      channel.is_im ? 'im' : channel.is_private ? 'private_channel' : 'public_channel';
    const visible = Object.values(team.state.channels).filter(
      (channel) =>
        types.includes(typeOf(channel)) &&
        !(args.flag('exclude_archived') && channel.is_archived) &&
        (!(channel.is_private || own) || team.isMember(channel, team.botUser)),
    );
    const found = page(visible, args, args.count('limit', 100, 1000));
    return {
      channels: found.items.map((channel) => presentChannel(channel, team.botUser)),
      response_metadata: { next_cursor: found.next },
    };
  },
});

const rename: Method = {
  tier: 2,
  run(call) {
    const channel = ownChannelOf(call);
    channel.name = checkName(call.team, call.args.str('name'));
    call.team.announce('channel', channel);
    return show(call, channel);
  },
};

const archive: Method = {
  tier: 2,
  run(call) {
    const { team } = call;
    const channel = channelOf(call);
    if (channel.is_archived) throw new SlackRefusal('already_archived');
    if (channel.name === 'general') throw new SlackRefusal('cant_archive_general');
    if (!team.isMember(channel, team.botUser)) throw new SlackRefusal('not_in_channel');
    channel.is_archived = true;
    team.announce('channel', channel);
    return {};
  },
};

const unarchive: Method = {
  tier: 2,
  run(call) {
    const channel = channelOf(call);
    if (!channel.is_archived) throw new SlackRefusal('not_archived');
    // Slack: archiving puts a bot out of the channel, and who is not in it cannot unarchive it. A token of a person could.
    if (!call.team.botsUnarchive) throw new SlackRefusal('not_in_channel');
    channel.is_archived = false;
    call.team.announce('channel', channel);
    return {};
  },
};

/** Slack: topic and purpose take at most 250 characters. */
function setLine(field: 'topic' | 'purpose'): Method {
  return {
    tier: 2,
    run(call) {
      const channel = ownChannelOf(call);
      const value = call.args.str(field);
      if (characters(value) > 250) throw new SlackRefusal('too_long');
      channel[field] = value;
      call.team.announce('channel', channel);
      return { ...show(call, channel), [field]: value };
    },
  };
}

const open: Method = {
  tier: 3,
  run(call) {
    const { team, args } = call;
    if (args.str('channel') !== '') return show(call, channelOf(call));
    const users = args.list('users');
    if (users.length === 0) throw new SlackRefusal('users_list_not_supplied');
    if (users.length > 1) throw new SlackRefusal('invalid_user_combination');
    const user = team.user(users[0] ?? '');
    if (!user) throw new SlackRefusal('user_not_found');
    return { channel: { id: team.openIm(user.id).id } };
  },
};

export const conversationMethods: Record<string, Method> = {
  'conversations.create': create,
  'conversations.info': info,
  'conversations.list': listing(2, false),
  'users.conversations': listing(3, true),
  'conversations.rename': rename,
  'conversations.archive': archive,
  'conversations.unarchive': unarchive,
  'conversations.setTopic': setLine('topic'),
  'conversations.setPurpose': setLine('purpose'),
  'conversations.open': open,
};
