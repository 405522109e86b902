import type { ConversationsListResponse, WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, rejected, retry } from '../../domain/effect/outcome.ts';
import { ensure, isRefusal, read } from './attempt.ts';
import { ChannelList } from './channel-list.ts';
import type { ChannelPage, Place } from './channel-list.ts';

/** Slack: at most 1000, and fewer than that are recommended. */
const PAGE = 999;
/** How long a name that was found stands for its channel, in ms: channels are renamed now and then. */
const KEPT_MS = 10 * 60_000;

/** What Lifeboat knows of where it writes: ids by `#name` and by user. */
export interface Places {
  /** The conversation id for a channel id, a user id (their direct message) or a `#name`. */
  resolve(to: string): Promise<Outcome<string>>;
  /** Makes a call in a conversation; where Slack asks for membership first, joins the public channel and calls again. */
  asMember<T>(to: string, call: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** Learns from an answer of Slack's which conversation `to` is. */
  remember(to: string, id: string): void;
  forget(to: string): void;
}

export function createPlaces(client: WebClient, now = () => performance.now()): Places {
  const known = new Map<string, { id: string; at: number }>();
  let lists = freshLists(client, now());

  const remember = (to: string, id: string): void => {
    if (to !== id) known.set(to, { id, at: now() });
  };
  const byName = async (name: string): Promise<Outcome<string>> => {
    // What a list does not hold may have been made after it was read.
    if (lists.all.whole || (now() - lists.at > KEPT_MS && !lists.all.underWay)) lists = freshLists(client, now());
    // The bot's own channels are few; only a channel that it has yet to join needs the list of all.
    for (const list of [lists.own, lists.all]) {
      const found = await list.find([name], ({ archived }) => !archived);
      if (found.kind !== 'done') return found;
      if (found.value !== null) return done(found.value.id);
    }
    lists = freshLists(client, now());
    return rejected(`channel_not_found: no channel is named #${name}`);
  };
  const resolve = async (to: string): Promise<Outcome<string>> => {
    if (/^[CDG][A-Z0-9]+$/.test(to)) return done(to);
    const kept = known.get(to);
    if (kept && now() - kept.at < KEPT_MS) return done(kept.id);
    const found = /^[UW][A-Z0-9]+$/.test(to) ? await openDirectMessage(client, to) : await byName(to.replace(/^#/, ''));
    if (found.kind === 'done') remember(to, found.value);
    return found;
  };
  return {
    resolve,
    remember,
    forget: (to) => void known.delete(to),
    async asMember(to, call) {
      const first = await call();
      if (!isRefusal(first, 'not_in_channel')) return first;
      const place = await resolve(to);
      if (place.kind !== 'done') return place.kind === 'retry' ? place : first;
      const joined = await joinChannel(client, place.value);
      if (joined.kind === 'done') return call();
      return joined.kind === 'retry' ? joined : first;
    },
  };
}

async function openDirectMessage(client: WebClient, user: string): Promise<Outcome<string>> {
  const opened = await read('open a direct message', () => client.conversations.open({ users: user }));
  if (opened.kind !== 'done') return opened;
  const id = opened.value.channel?.id;
  return id === undefined ? retry('open a direct message: the answer names no channel') : done(id);
}

const joinChannel = (client: WebClient, channel: string): Promise<Outcome> =>
  ensure('join the channel', ['already_in_channel'], () => client.conversations.join({ channel }));

interface Lists {
  own: ChannelList;
  all: ChannelList;
  /** When they were begun, in ms. */
  at: number;
}

const freshLists = (client: WebClient, at: number): Lists => ({
  own: ownChannels(client),
  all: allChannels(client),
  at,
});

/** The channels in use that the bot is a member of. */
export const ownChannels = (client: WebClient): ChannelList =>
  listOf((types, cursor) =>
    client.users.conversations({ types, limit: PAGE, exclude_archived: true, ...(cursor === '' ? {} : { cursor }) }),
  );

const allChannels = (client: WebClient): ChannelList =>
  listOf((types, cursor) =>
    client.conversations.list({ types, limit: PAGE, exclude_archived: true, ...(cursor === '' ? {} : { cursor }) }),
  );

type Answer = Pick<ConversationsListResponse, 'channels' | 'response_metadata'>;

/** Private channels are left out from where on the app turns out not to be allowed to list them. */
function listOf(ask: (types: string, cursor: string) => Promise<Answer>): ChannelList {
  let types = 'public_channel,private_channel';
  const page = (cursor: string): Promise<Outcome<Answer>> => read('list the channels', () => ask(types, cursor));
  return new ChannelList(async (cursor): Promise<Outcome<ChannelPage>> => {
    let answer = await page(cursor);
    if (isRefusal(answer, 'missing_scope') && types.includes('private')) {
      types = 'public_channel';
      answer = await page(cursor);
    }
    if (answer.kind !== 'done') return answer;
    const { channels = [], response_metadata } = answer.value;
    return done({ places: channels.flatMap(placeOf), cursor: response_metadata?.next_cursor ?? '' });
  });
}

type Channel = NonNullable<ConversationsListResponse['channels']>[number];

function placeOf(channel: Channel): Place[] {
  const { id, name, is_archived: archived = false, is_member: member = false, created = 0, creator } = channel;
  if (id === undefined || name === undefined) return [];
  const { is_shared, is_ext_shared, is_org_shared, is_pending_ext_shared } = channel;
  const shared = [is_shared, is_ext_shared, is_org_shared, is_pending_ext_shared].some((each) => each === true);
  const about = `${channel.topic?.value ?? ''}\n${channel.purpose?.value ?? ''}`.trim();
  return [{ id, name, archived, member, created: created * 1000, creator, shared, about }];
}
