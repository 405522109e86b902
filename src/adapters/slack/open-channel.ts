import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, rejected, unknown } from '../../domain/effect/outcome.ts';
import { attempt, isRefusal } from './attempt.ts';
import type { Identity } from './identity.ts';
import { findByName, joinChannel } from './places.ts';
import type { Place } from './places.ts';

export interface Opened {
  channel: string;
  name: string;
}

/** How far Slack's clock and the database's may be apart, in ms. */
const SKEW_MS = 5 * 60_000;

/** How many names are tried: the wanted one, then those with -2 to -9. */
const NAMES = 9;

/**
 * Creates the channel. After a kill or a lost answer it finds the one that it made: a channel in use under one of its
 * names and no older than `since`. A name that an older, archived or hidden channel keeps is left to it.
 */
export async function openChannel(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  name: string,
  since: Date,
): Promise<Outcome<Opened>> {
  const created = await create(client, name);
  if (!isRefusal(created, 'name_taken')) return created;
  const names = Array.from({ length: NAMES }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
  const found = await findByName(client, names);
  if (found.kind !== 'done') return found;
  const own = await ownOf(found.value, names, since, whoAmI);
  if (own !== undefined) return adopt(client, own);
  const kept = new Set(found.value.map((place) => place.name));
  for (const other of names.slice(1).filter((each) => !kept.has(each))) {
    const made = await create(client, other);
    if (!isRefusal(made, 'name_taken')) return made;
  }
  return rejected(`name_taken: channels named #${name} to #${names.at(-1)} exist already: rename one of them`);
}

async function create(client: WebClient, name: string): Promise<Outcome<Opened>> {
  const doing = `create #${name}`;
  const created = await attempt(doing, () => client.conversations.create({ name }));
  if (created.kind !== 'done') return created;
  const id = created.value.channel?.id;
  return id === undefined ? unknown(`${doing}: the answer names no channel`) : done({ channel: id, name });
}

/** The first by the order of names; of several of one name, such as one shared by others, the bot's own. */
async function ownOf(
  places: Place[],
  names: string[],
  since: Date,
  whoAmI: () => Promise<Outcome<Identity>>,
): Promise<Place | undefined> {
  const fresh = places.filter(({ archived, created }) => !archived && created >= since.getTime() - SKEW_MS);
  const first = names.find((name) => fresh.some((place) => place.name === name));
  const same = fresh.filter((place) => place.name === first);
  if (same.length < 2) return same[0];
  const me = await whoAmI();
  const user = me.kind === 'done' ? me.value.user : undefined;
  return same.find(({ creator }) => creator !== undefined && creator === user) ?? same[0];
}

async function adopt(client: WebClient, { id, name, member }: Place): Promise<Outcome<Opened>> {
  if (!member) {
    const joined = await joinChannel(client, id);
    if (joined.kind !== 'done') return joined;
  }
  return done({ channel: id, name });
}
