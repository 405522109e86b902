import type pg from 'pg';
import * as z from 'zod';
import type { Estate } from '../src/domain/estate/model.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { prepare } from './prepare.ts';

const PAYLOAD = z.object({ incident: z.number(), people: z.array(z.string()) });

/** Invites people of the estate, and whoever declared the incident, to its channel. */
export function channelInvite(pool: pg.Pool, estate: () => Estate, chat: Pick<ChatPort, 'invite'>): Job {
  return {
    kind: 'channel.invite',
    async run(effect) {
      const ready = await prepare(async () => {
        const input = PAYLOAD.parse(effect.payload);
        const incident = await findIncident(pool, input.incident);
        if (!incident) return rejected('the incident does not exist');
        if (incident.channel === null) return rejected('the incident has no channel of its own');
        const [kind, declarer] = incident.declared_by.split(':');
        const users = [
          ...input.people.map((person) => estate().people[person]?.slack).filter((slack) => slack !== undefined),
          ...(kind === 'slack' && declarer !== undefined ? [declarer] : []),
        ];
        return done({ channel: incident.channel, users: [...new Set(users)] });
      });
      if (ready.kind !== 'done') return ready;
      const { channel, users } = ready.value;
      return users.length === 0 ? done(null) : chat.invite(channel, users);
    },
  };
}
