import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, rejected, retry } from '../../domain/effect/outcome.ts';
import { ensure, isRefusal, read } from './attempt.ts';

export interface Place {
  id: string;
  name: string;
  archived: boolean;
  member: boolean;
  /** When it was created, in ms since 1970. */
  created: number;
  creator: string | undefined;
}

const PAGE = 999;

/** The conversation id for a channel id, a user id (their direct message) or a `#name`. */
export async function resolvePlace(client: WebClient, to: string): Promise<Outcome<string>> {
  if (/^[CDG][A-Z0-9]+$/.test(to)) return done(to);
  if (/^[UW][A-Z0-9]+$/.test(to)) return openDirectMessage(client, to);
  const name = to.replace(/^#/, '');
  const found = await findByName(client, [name]);
  if (found.kind !== 'done') return found;
  const first = found.value[0];
  return first === undefined ? rejected(`channel_not_found: no channel is named #${name}`) : done(first.id);
}

async function openDirectMessage(client: WebClient, user: string): Promise<Outcome<string>> {
  const opened = await read('open a direct message', () => client.conversations.open({ users: user }));
  if (opened.kind !== 'done') return opened;
  const id = opened.value.channel?.id;
  return id === undefined ? retry('open a direct message: the answer names no channel') : done(id);
}

/** All visible channels with one of these names, those that can be used first; private ones as far as the app may list them. */
export async function findByName(client: WebClient, names: readonly string[]): Promise<Outcome<Place[]>> {
  const all = await listByName(client, names, 'public_channel,private_channel');
  return isRefusal(all, 'missing_scope') ? listByName(client, names, 'public_channel') : all;
}

/** Slack has no look-up by name, so this reads every page. */
async function listByName(client: WebClient, names: readonly string[], types: string): Promise<Outcome<Place[]>> {
  const places: Place[] = [];
  let cursor = '';
  do {
    const page = await read('list the channels', () =>
      client.conversations.list({ types, limit: PAGE, ...(cursor === '' ? {} : { cursor }) }),
    );
    if (page.kind !== 'done') return page;
    for (const channel of page.value.channels ?? []) {
      const { id, name, is_archived = false, is_member = false, created = 0, creator } = channel;
      if (id === undefined || name === undefined || !names.includes(name)) continue;
      places.push({ id, name, archived: is_archived, member: is_member, created: created * 1000, creator });
    }
    cursor = page.value.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return done(places.sort((a, b) => Number(a.archived) - Number(b.archived)));
}

export const joinChannel = (client: WebClient, channel: string): Promise<Outcome> =>
  ensure('join the channel', ['already_in_channel'], () => client.conversations.join({ channel }));

/** Makes a call in a conversation; where Slack asks for membership first, joins the public channel and calls again. */
export async function asMember<T>(client: WebClient, to: string, call: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const first = await call();
  if (!isRefusal(first, 'not_in_channel')) return first;
  const place = await resolvePlace(client, to);
  if (place.kind !== 'done') return first;
  const joined = await joinChannel(client, place.value);
  return joined.kind === 'done' ? call() : first;
}
