import type pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { channelTopic as words } from '../templates/channel-topic.ts';
import { prepare } from './prepare.ts';
import { untilUnarchived } from './until-unarchived.ts';

/** Sets the channel's topic from the incident as it is now. */
export function channelTopic(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Pick<ChatPort, 'setTopic'>,
): Job<'channel.topic'> {
  return {
    kind: 'channel.topic',
    async run({ payload }) {
      const ready = await prepare(async () => {
        const incident = await findIncident(pool, payload.incident);
        if (!incident) return rejected('the incident does not exist');
        if (incident.channel === null) return done({ skipped: 'the channel gets its topic when it is opened' });
        return done({ incident, channel: incident.channel, topic: words(incident, estate()) });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const set = await chat.setTopic(ready.value.channel, ready.value.topic);
      return set.kind === 'done' ? done(null) : untilUnarchived(ready.value.incident, set);
    },
  };
}
