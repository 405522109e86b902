import type pg from 'pg';
import { done } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { prepare } from './prepare.ts';

/** Pins the incident's card; pinning it again changes nothing. */
export function cardPin(pool: pg.Pool, chat: Pick<ChatPort, 'pin'>): Job<'card.pin'> {
  return {
    kind: 'card.pin',
    async run({ payload }) {
      const incident = await prepare(() => findIncident(pool, payload.incident));
      const channel = incident?.channel ?? incident?.origin_channel ?? null;
      if (!incident || channel === null || incident.card_ts === null) return done({ skipped: 'there is no card' });
      const pinned = await chat.pin(channel, incident.card_ts);
      return pinned.kind === 'done' ? done(null) : pinned;
    },
  };
}
