import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { notInvited } from '../src/domain/incident/deliveries.ts';
import { unreachedKey, whyUnreached } from '../src/domain/incident/unreached.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { slackOf } from '../src/domain/estate/people.ts';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import type { ChatPort, Uninvited } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { outcomesOf } from '../src/store/effect/effect-views.ts';
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
      if (users.length === 0) return done({ refused: [] });
      const invited = await chat.invite(channel, users);
      if (invited.kind !== 'done') return untilUnarchived(incident, invited);
      return done({ refused: await unsaid(pool, payload.incident, invited.value.skipped) });
    },
    after: (incident, _effect, outcome) =>
      outcome.kind === 'done' && outcome.value !== null && 'refused' in outcome.value
        ? notInvited(incident, outcome.value.refused)
        : NOTHING,
  };
}

/** Those of whom it was not said yet in this incident that they cannot be invited. */
async function unsaid(pool: pg.Pool, incident: number, skipped: readonly Uninvited[]): Promise<Uninvited[]> {
  const refused = skipped.filter(({ code }) => whyUnreached(code) !== null);
  if (refused.length === 0) return [];
  const said = await outcomesOf(
    pool,
    refused.map(({ user }) => unreachedKey(incident, user)),
  );
  return refused.filter(({ user }) => !said.some(({ key }) => key === unreachedKey(incident, user)));
}
