import type { JsonObject } from '../../../../../src/domain/json.ts';
import { textOf } from '../args.ts';
import { presentChannel } from '../present.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackChannel } from '../state.ts';
import { type Call, channelOf, type Method, ownChannelOf, page } from './method.ts';

function whyNot({ team }: Call, channel: SlackChannel, id: string): string | undefined {
  const user = team.user(id);
  if (!user || user.deleted) return 'user_not_found';
  if (id === team.botUser) return 'cant_invite_self';
  if (channel.members.includes(id)) return 'already_in_channel';
  if (user.team_id !== team.state.team.id) return 'cant_invite';
  return undefined;
}

const invite: Method = {
  tier: 3,
  run(call) {
    const { team, args } = call;
    const channel = ownChannelOf(call);
    if (channel.is_im) throw new SlackRefusal('method_not_supported_for_channel_type');
    const users = args.list('users');
    if (users.length === 0) throw new SlackRefusal('no_user');
    if (users.length > 100) throw new SlackRefusal('too_many_users');
    const errors: JsonObject[] = [];
    for (const user of users) {
      const error = whyNot(call, channel, user);
      if (error !== undefined) errors.push({ user, ok: false, error });
    }
    const first = errors[0];
    const good = users.filter((user) => !errors.some((error) => error['user'] === user));
    if (first && (!args.flag('force') || good.length === 0)) throw new SlackRefusal(textOf(first['error']));
    channel.members.push(...good);
    team.announce('channel', channel);
    return { channel: presentChannel(channel, team.botUser), ...(errors.length > 0 ? { errors } : {}) };
  },
};

const join: Method = {
  tier: 3,
  run(call) {
    const { team } = call;
    const channel = channelOf(call);
    if (channel.is_archived) throw new SlackRefusal('is_archived');
    if (channel.is_im || channel.is_private) throw new SlackRefusal('method_not_supported_for_channel_type');
    const already = team.isMember(channel, team.botUser);
    if (!already) channel.members.push(team.botUser);
    team.announce('channel', channel);
    return { channel: presentChannel(channel, team.botUser), ...(already ? { warning: 'already_in_channel' } : {}) };
  },
};

const leave: Method = {
  tier: 3,
  run(call) {
    const { team } = call;
    const channel = channelOf(call);
    if (!team.isMember(channel, team.botUser)) return { not_in_channel: true };
    channel.members = channel.members.filter((member) => member !== team.botUser);
    team.announce('channel', channel);
    return {};
  },
};

const kick: Method = {
  tier: 3,
  run(call) {
    const channel = ownChannelOf(call);
    const user = call.args.str('user');
    if (!call.team.user(user)) throw new SlackRefusal('user_not_found');
    if (user === call.team.botUser) throw new SlackRefusal('cant_kick_self');
    if (!channel.members.includes(user)) throw new SlackRefusal('not_in_channel');
    channel.members = channel.members.filter((member) => member !== user);
    call.team.announce('channel', channel);
    return {};
  },
};

const members: Method = {
  tier: 4,
  run(call) {
    const found = page(channelOf(call).members, call.args, call.args.count('limit', 100, 1000));
    return { members: found.items, response_metadata: { next_cursor: found.next } };
  },
};

export const memberMethods: Record<string, Method> = {
  'conversations.invite': invite,
  'conversations.join': join,
  'conversations.leave': leave,
  'conversations.kick': kick,
  'conversations.members': members,
};
