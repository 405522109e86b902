import type pg from 'pg';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';

/** Archives the channel of a closed incident; everything that was to be posted there has been. */
export function channelArchive(pool: pg.Pool, chat: Pick<ChatPort, 'archive'>): Job<'channel.archive'> {
  return {
    kind: 'channel.archive',
    async run({ payload }) {
      const incident = await findIncident(pool, payload.incident);
      if (!incident) return rejected('the incident does not exist');
      if (incident.channel === null) return done(null);
      const archived = await chat.archive(incident.channel);
      return archived.kind === 'done' ? done(null) : archived;
    },
  };
}
