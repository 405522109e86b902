import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/outcome.ts';
import { done, rejected, unknown } from '../../domain/outcome.ts';
import { attempt, isRefusal } from './attempt.ts';
import type { Identity } from './identity.ts';
import { findByName, joinChannel } from './places.ts';
import type { Place } from './places.ts';

/** Creates the channel, or finds and joins the one of that name: the name is the key by which a repeat is harmless. */
export async function openChannel(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  name: string,
): Promise<Outcome<{ channel: string }>> {
  const doing = `create #${name}`;
  const created = await attempt(doing, () => client.conversations.create({ name }));
  if (created.kind === 'done') {
    const id = created.value.channel?.id;
    return id === undefined ? unknown(`${doing}: the answer names no channel`) : done({ channel: id });
  }
  return isRefusal(created, 'name_taken') ? adopt(client, whoAmI, name) : created;
}

async function adopt(
  client: WebClient,
  whoAmI: () => Promise<Outcome<Identity>>,
  name: string,
): Promise<Outcome<{ channel: string }>> {
  const found = await findByName(client, name);
  if (found.kind !== 'done') return found;
  const place = found.value.length > 1 ? await preferOwn(found.value, whoAmI) : found.value[0];
  if (place === undefined) {
    return rejected(
      `name_taken: #${name} exists, but the bot cannot see it: invite the bot there, or rename that channel`,
    );
  }
  if (place.archived) return rejected(`name_taken: #${name} exists and is archived: unarchive or rename it`);
  if (!place.member) {
    const joined = await joinChannel(client, place.id);
    if (joined.kind !== 'done') return joined;
  }
  return done({ channel: place.id });
}

async function preferOwn(places: Place[], whoAmI: () => Promise<Outcome<Identity>>): Promise<Place | undefined> {
  const me = await whoAmI();
  const user = me.kind === 'done' ? me.value.user : undefined;
  const usable = places.filter(({ archived }) => !archived);
  return usable.find(({ creator }) => creator !== undefined && creator === user) ?? usable[0] ?? places[0];
}
