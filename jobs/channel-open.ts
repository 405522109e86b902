import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { LIFEBOAT } from '../src/domain/estate/people.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';

/** Opens the incident's channel; its name and age come from the incident, so a repeat finds it again. */
export function channelOpen(pool: pg.Pool, chat: Pick<ChatPort, 'openChannel'>): Job<'channel.open'> {
  return {
    kind: 'channel.open',
    async run({ payload }) {
      const incident = await findIncident(pool, payload.incident);
      if (!incident) return rejected('the incident does not exist');
      if (incident.channel !== null) return done({ channel: incident.channel });
      return chat.openChannel(incident.name, incident.declared_at);
    },
    after(incident, _effect, outcome) {
      if (incident.channel !== null) return NOTHING;
      if (outcome.kind === 'done') {
        if (!('name' in outcome.value)) return NOTHING;
        const { channel, name } = outcome.value;
        const opened = { kind: 'channel.opened', actor: LIFEBOAT, data: { channel, name } };
        return { incident: { channel, name }, events: [opened], effects: [] };
      }
      const reason = 'reason' in outcome ? outcome.reason : '';
      return {
        events: [{ kind: 'channel.failed', actor: LIFEBOAT, data: { name: incident.name, reason } }],
        effects: [],
      };
    },
  };
}
