import type { Decision } from '../src/domain/effect/decision.ts';
import { intend } from '../src/domain/effect/effect.ts';
import { cardIntent } from '../src/domain/effect/intents.ts';
import { done, rejected, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import type { ChatMessage, ChatPort } from '../src/ports/chat.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { incidentCard } from '../templates/incident-card.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { placeOf, postOnce } from './post-once.ts';

export interface Card {
  incident: Incident;
  to: string;
  message: ChatMessage;
}

/** The card as the incident is now, and where it belongs. */
export async function readCard(deps: FactsDeps, id: number): Promise<Outcome<Card>> {
  const incident = await findIncident(deps.pool, id);
  if (!incident) return rejected('the incident does not exist');
  const place = placeOf(incident, 'incident');
  if (place.kind !== 'done') return place;
  return done({ incident, to: place.value, message: incidentCard(await readFacts(deps, incident)) });
}

/** Posts a card and returns how much of the timeline it shows; `since`: one may stand there since then. */
export async function postCard(
  chat: Pick<ChatPort, 'post' | 'find'>,
  { incident, to, message }: Card,
  since: Date | null,
): Promise<Outcome<{ ts: string; seen: number }>> {
  const key = `card:${incident.id}:${incident.card_ts ?? 'first'}`;
  const posted = await postOnce(chat, { key, unknown_since: since }, to, message);
  return posted.kind === 'done' ? done({ ts: posted.value.ts, seen: incident.chain_seq }) : posted;
}

/** The card is the incident's, is pinned, and is edited where the incident went on while it was on its way. */
export function cardPosted(incident: Incident, { ts, seen }: { ts: string; seen: number }): Decision {
  const pin = intend('card.pin', `pin:${incident.id}:${ts}`, { incident: incident.id });
  const newer = incident.chain_seq > seen ? [cardIntent(incident.id, `since:${seen}`)] : [];
  return { incident: { card_ts: ts }, events: [], effects: [pin, ...newer] };
}
