import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { referenceOf } from '../src/domain/incident/incident.ts';
import { channelLost, channelReplaced } from '../src/domain/incident/reopen.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { prepare } from './prepare.ts';

/** Gives an incident that is open again its channel back, or another one where the chat does not let a program do that. */
export function channelUnarchive(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Pick<ChatPort, 'unarchive' | 'openChannel'>,
): Job<'channel.unarchive'> {
  return {
    kind: 'channel.unarchive',
    async run({ payload, attempts, unknown_since }) {
      const incident = await prepare(() => findIncident(pool, payload.incident));
      if (!incident) return rejected('the incident does not exist');
      if (incident.state === 'closed' || incident.channel === null)
        return done({ skipped: 'there is nothing to open' });
      const back = await chat.unarchive(incident.channel);
      if (back.kind === 'done') return done({ channel: incident.channel });
      if (back.kind !== 'rejected') return back;
      const opened = await chat.openChannel({
        name: incident.name,
        owner: referenceOf(estate().name, incident),
        since: incident.reopened_at ?? incident.declared_at,
        again: attempts > 1 || unknown_since !== null,
      });
      return opened.kind === 'done' ? done({ ...opened.value, left: back.reason }) : opened;
    },
    after(incident, _effect, outcome) {
      if (outcome.kind !== 'done') return channelLost(incident, outcome.reason);
      const { value } = outcome;
      if (!('channel' in value) || value.left === undefined) return NOTHING;
      const { channel, name = incident.name, left: reason } = value;
      return channelReplaced(estate(), incident, { channel, name, reason });
    },
  };
}
