import type pg from 'pg';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { otherSends } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';

/** How long it waits for edits that Slack does not take, in ms. */
const PATIENCE_MS = 600_000;

/** Archives the channel of a closed incident; everything that was to be posted there has been. */
export function channelArchive(pool: pg.Pool, chat: Pick<ChatPort, 'archive'>): Job<'channel.archive'> {
  return {
    kind: 'channel.archive',
    async run({ id, payload, created_at }) {
      const incident = await findIncident(pool, payload.incident);
      if (!incident) return rejected('the incident does not exist');
      if (incident.channel === null) return done(null);
      if (incident.state !== 'closed') return done({ skipped: 'the incident is open again' });
      // Whoever reads an archived channel shall find its card and topic as they were last.
      const isLate = (await databaseClock(pool)).getTime() - created_at.getTime() > PATIENCE_MS;
      if (!isLate && (await otherSends(pool, incident.id, id)) > 0) return retry('other messages go first', 1000);
      const archived = await chat.archive(incident.channel);
      return archived.kind === 'done' ? done(null) : archived;
    },
  };
}
