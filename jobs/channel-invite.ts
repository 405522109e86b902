import type pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { slackOf } from '../src/domain/estate/people.ts';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { pagesOf } from '../src/store/page/pages.ts';
import { prepare } from './prepare.ts';
import { untilUnarchived } from './until-unarchived.ts';

/** Invites people of the estate, whoever is paged by now, and whoever declared the incident, to its channel. */
export function channelInvite(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Pick<ChatPort, 'invite'>,
): Job<'channel.invite'> {
  return {
    kind: 'channel.invite',
    async run({ payload }) {
      const ready = await prepare(async () => {
        const incident = await findIncident(pool, payload.incident);
        if (!incident) return rejected('the incident does not exist');
        if (incident.state === 'closed') return done({ skipped: 'the incident is closed' });
        if (incident.channel === null) return retry('the incident has no channel yet', 10_000);
        const paged = (await pagesOf(pool, payload.incident)).flatMap(({ people }) => people);
        const users = [
          ...[...paged, ...payload.people, incident.declared_by]
            .map((person) => slackOf(estate(), person))
            .filter((slack) => slack !== null),
        ];
        return done({ incident, channel: incident.channel, users: [...new Set(users)] });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const { incident, channel, users } = ready.value;
      const invited = users.length === 0 ? done(null) : await chat.invite(channel, users);
      return invited.kind === 'done' ? done(null) : untilUnarchived(incident, invited);
    },
  };
}
