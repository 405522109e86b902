import type pg from 'pg';
import { NOTHING, type Decision } from '../src/domain/effect/decision.ts';
import { intend, type EffectKind } from '../src/domain/effect/effect.ts';
import { done, rejected, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { LIFEBOAT } from '../src/domain/estate/people.ts';
import { channelOpened } from '../src/domain/incident/decisions.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { prepare } from './prepare.ts';

type Opening = 'channel.open' | 'channel.retry';
type Opened = { channel: string; name?: string };

/** Opens the incident's channel; its name and age come from the incident, so a repeat finds it again. */
export function channelOpen(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Pick<ChatPort, 'openChannel'>,
): Job<'channel.open'> {
  return opening('channel.open', pool, chat, (incident, outcome) => {
    if (outcome.kind === 'done') return opened(estate(), incident, outcome.value);
    const failed = failure(incident, outcome.reason);
    if (outcome.kind === 'rejected') return failed;
    // Nobody waits longer for the channel: messages go to where the incident was declared, and this goes on trying.
    const later = intend('channel.retry', `channel:${incident.id}:later`, { incident: incident.id });
    return { ...failed, effects: [later] };
  });
}

/** The same after the messages went elsewhere. */
export function channelRetry(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Pick<ChatPort, 'openChannel'>,
): Job<'channel.retry'> {
  return opening('channel.retry', pool, chat, (incident, outcome) =>
    outcome.kind === 'done' ? opened(estate(), incident, outcome.value) : failure(incident, outcome.reason),
  );
}

function opening<K extends Opening & EffectKind>(
  kind: K,
  pool: pg.Pool,
  chat: Pick<ChatPort, 'openChannel'>,
  decide: (incident: Incident, outcome: Outcome<Opened>) => Decision,
): { kind: K; run: Job<Opening>['run']; after: NonNullable<Job<Opening>['after']> } {
  return {
    kind,
    async run({ payload }) {
      const incident = await prepare(() => findIncident(pool, payload.incident));
      if (!incident) return rejected('the incident does not exist');
      if (incident.channel !== null) return done({ channel: incident.channel });
      return chat.openChannel(incident.name, incident.declared_at);
    },
    after: (incident, _effect, outcome) => (incident.channel === null ? decide(incident, outcome) : NOTHING),
  };
}

const opened = (estate: Estate, incident: Incident, { channel, name }: Opened): Decision =>
  name === undefined ? NOTHING : channelOpened(estate, incident, { channel, name });

const failure = ({ name }: Incident, reason: string): Decision => ({
  events: [{ kind: 'channel.failed', actor: LIFEBOAT, data: { name, reason } }],
  effects: [],
});
