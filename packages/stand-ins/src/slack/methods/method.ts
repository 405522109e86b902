import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { Args } from '../args.ts';
import type { Tier } from '../limits.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackChannel, SlackMessage } from '../state.ts';
import type { Team } from '../team.ts';

export interface Call {
  team: Team;
  args: Args;
  /** The base of this server, like http://127.0.0.1:1234. */
  base: string;
}

/** One Web API method: its rate tier, the token it takes, and what it does. Throws SlackRefusal. */
export interface Method {
  tier: Tier;
  token?: 'bot' | 'app';
  run(call: Call): JsonObject;
}

/** The channel named by the argument `channel`, by id only. Throws channel_not_found. */
export function channelOf({ team, args }: Call, name = 'channel'): SlackChannel {
  const channel = team.state.channels[args.str(name)];
  if (!channel || (channel.is_private && !team.isMember(channel, team.botUser)))
    throw new SlackRefusal('channel_not_found');
  return channel;
}

/** The channel, in which the bot must be a member and which must be alive. */
export function ownChannelOf(call: Call): SlackChannel {
  const channel = channelOf(call);
  if (channel.is_archived) throw new SlackRefusal('is_archived');
  if (!call.team.isMember(channel, call.team.botUser)) throw new SlackRefusal('not_in_channel');
  return channel;
}

export function messageOf(call: Call, channel: SlackChannel, argument: string): SlackMessage {
  const message = call.team.findMessage(channel.id, call.args.str(argument));
  if (!message) throw new SlackRefusal('message_not_found');
  return message;
}

/** One page of a list: the cursor is the position of the next item, base64 as Slack's are opaque. */
export function page<T>(items: T[], args: Args, limit: number): { items: T[]; next: string } {
  const cursor = args.str('cursor');
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString().replace('at:', ''));
  if (!Number.isInteger(start) || start < 0) throw new SlackRefusal('invalid_cursor');
  const end = start + limit;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(`at:${end}`).toString('base64') : '',
  };
}
