import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, rejected, unknown } from '../../domain/effect/outcome.ts';
import type { NewChannel } from '../../ports/chat.ts';
import { attempt, isRefusal, read } from './attempt.ts';
import type { ChannelList, Place } from './channel-list.ts';
import type { Identity } from './identity.ts';
import { ownChannels } from './places.ts';

export interface Opened {
  channel: string;
  name: string;
}

/** How far Slack's clock and the database's may be apart, in ms. */
const SKEW_MS = 5 * 60_000;
/** How many names are tried: the wanted one, then those with -2 to -9. */
const NAMES = 9;
/** Slack: longest purpose. */
const PURPOSE_LENGTH = 250;
/** Channels that are being opened; more at a time are not expected. */
const REMEMBERED = 1_000;

/** How far an attempt came that Slack interrupted. */
interface Progress {
  /** Index of the next name to try. */
  next: number;
  /** The bot's channels, as far as they were read for this one; null once they hold none of this incident's. */
  list: ChannelList | null;
}

/**
 * Makes the port's `openChannel`. A name that is taken is left to whoever has it. Only when an earlier attempt may have
 * made the channel it is looked for, among the bot's own; where 429s interrupt, the next attempt goes on from there.
 */
export function createOpenChannel(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
): (wanted: NewChannel) => Promise<Outcome<Opened>> {
  const progress = new Map<string, Progress>();
  return async (wanted) => {
    const at = progress.get(wanted.owner) ?? { next: 0, list: wanted.again ? ownChannels(client) : null };
    progress.delete(wanted.owner);
    const outcome = await open(client, whoAmI, wanted, at);
    if (outcome.kind === 'retry') {
      if (progress.size >= REMEMBERED) progress.clear();
      progress.set(wanted.owner, at);
    }
    return outcome;
  };
}

async function open(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  wanted: NewChannel,
  at: Progress,
): Promise<Outcome<Opened>> {
  const names = namesOf(wanted.name);
  for (; at.next < names.length; at.next += 1) {
    const name = names[at.next] ?? wanted.name;
    const created = await create(client, name, wanted.owner);
    if (!isRefusal(created, 'name_taken')) return created;
    if (at.list === null) continue;
    const own = await findOwn(client, whoAmI, wanted, at.list);
    if (own.kind !== 'done') return own;
    if (own.value !== null) return done(own.value);
    at.list = null;
  }
  return rejected(`name_taken: channels named #${wanted.name} to #${names.at(-1)} exist already: rename one of them`);
}

/** The wanted name, then the same with -2 to -9 at its end. */
const namesOf = (name: string): string[] =>
  Array.from({ length: NAMES }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));

async function create(client: WebClient, name: string, owner: string): Promise<Outcome<Opened>> {
  const doing = `create #${name}`;
  const created = await attempt(doing, () => client.conversations.create({ name }));
  if (created.kind !== 'done') return created;
  const id = created.value.channel?.id;
  if (id === undefined) return unknown(`${doing}: the answer names no channel`);
  await mark(client, id, owner); // only a kill before the next commit makes anybody look for it
  return done({ channel: id, name });
}

/** Says in the channel's purpose whose it is: two installations may use one bot. */
const mark = (client: WebClient, channel: string, owner: string): Promise<Outcome<unknown>> =>
  attempt('set the purpose', () => client.conversations.setPurpose({ channel, purpose: purposeOf(owner) }));

const purposeOf = (owner: string): string => `Lifeboat: ${owner.slice(-(PURPOSE_LENGTH - 'Lifeboat: '.length))}`;

/** The channel that an earlier attempt made, or null. */
async function findOwn(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  { name, owner, since }: NewChannel,
  list: ChannelList,
): Promise<Outcome<Opened | null>> {
  const me = await whoAmI();
  if (me.kind !== 'done') return me;
  const mayBeOurs = (place: Place): boolean =>
    !place.archived &&
    !place.shared &&
    place.creator !== undefined &&
    place.creator === me.value.user &&
    place.created >= since.getTime() - SKEW_MS;
  const names = namesOf(name);
  const marked = await list.find(names, (place) => mayBeOurs(place) && place.about.includes(purposeOf(owner)));
  if (marked.kind !== 'done') return marked;
  if (marked.value !== null) return done({ channel: marked.value.id, name: marked.value.name });
  const bare = await list.find(names, (place) => mayBeOurs(place) && place.about === '');
  if (bare.kind !== 'done' || bare.value === null) return bare.kind === 'done' ? done(null) : bare;
  return claim(client, { channel: bare.value.id, name: bare.value.name }, owner);
}

/** Takes a channel that nobody marked, unless another installation marks it at the same moment. */
async function claim(client: WebClient, opened: Opened, owner: string): Promise<Outcome<Opened | null>> {
  const before = await purposeIn(client, opened.channel);
  if (before.kind !== 'done') return before;
  if (before.value !== '' && before.value !== purposeOf(owner)) return done(null);
  const marked = await mark(client, opened.channel, owner);
  if (marked.kind !== 'done') return marked;
  const after = await purposeIn(client, opened.channel);
  if (after.kind !== 'done') return after;
  return done(after.value === purposeOf(owner) ? opened : null);
}

async function purposeIn(client: WebClient, channel: string): Promise<Outcome<string>> {
  const info = await read('read the channel', () => client.conversations.info({ channel }));
  return info.kind === 'done' ? done(info.value.channel?.purpose?.value ?? '') : info;
}
