import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import type { ClaimedEffect } from '../src/domain/effect/effect.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { firstCardIntent } from '../src/domain/effect/intents.ts';
import { done, rejected, type Outcome } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { incidentFacts } from '../src/store/incident/incident-facts.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { incidentCard } from '../templates/incident-card.ts';
import { prepare } from './prepare.ts';
import { placeOf, postOnce } from './post-once.ts';

type Chat = Pick<ChatPort, 'post' | 'find' | 'update' | 'pin'>;

/** Shows the incident as it is now on its one card, which is posted and pinned once and edited from then on. */
export function cardRender(pool: pg.Pool, estate: () => Estate, chat: Chat): Job<'card.render'> {
  return {
    kind: 'card.render',
    async run(effect) {
      const ready = await prepare(async () => {
        const incident = await findIncident(pool, effect.payload.incident);
        if (!incident) return rejected('the incident does not exist');
        const place = placeOf(incident, 'incident');
        if (place.kind !== 'done') return place;
        return done({
          incident,
          to: place.value,
          message: incidentCard(await incidentFacts(pool, estate(), incident)),
        });
      });
      if (ready.kind !== 'done') return ready;
      const { incident, to, message } = ready.value;
      if (incident.card_ts !== null) {
        const updated = await chat.update(to, incident.card_ts, message);
        if (updated.kind === 'done') return done(null);
        if (updated.kind !== 'rejected' || !isGone(updated.reason)) return updated;
      }
      const since = isFirstTry(effect) ? null : (effect.unknown_since ?? incident.declared_at);
      return postCard(chat, since, incident, to, message);
    },
    after(_incident, _effect, outcome) {
      if (outcome.kind !== 'done' || outcome.value === null || !('ts' in outcome.value)) return NOTHING;
      return { incident: { card_ts: outcome.value.ts }, events: [], effects: [] };
    },
  };
}

/** Pins before the card counts as posted: a kill in between finds both again. */
async function postCard(
  chat: Chat,
  since: Date | null,
  incident: Incident,
  channel: string,
  message: ReturnType<typeof incidentCard>,
): Promise<Outcome<{ ts: string }>> {
  const key = `card:${incident.id}:${incident.card_ts ?? 'first'}`;
  const posted = await postOnce(chat, { key, unknown_since: since }, channel, message);
  if (posted.kind !== 'done') return posted;
  const pinned = await chat.pin(posted.value.channel, posted.value.ts);
  return pinned.kind === 'retry' ? pinned : done({ ts: posted.value.ts });
}

/** The first card comes before every other of its lane: before its first try there can be none to find. */
const isFirstTry = ({ key, attempts, unknown_since, incident_id }: ClaimedEffect): boolean =>
  incident_id !== null && key === firstCardIntent(incident_id).key && attempts === 1 && unknown_since === null;

const isGone = (reason: string): boolean => /message_not_found|edit_window_closed|cant_update_message/.test(reason);
