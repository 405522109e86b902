import type pg from 'pg';
import type { ClaimedEffect } from '../src/domain/effect/effect.ts';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { done, rejected, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { channelFailed, channelOpened } from '../src/domain/incident/deliveries.ts';
import { referenceOf, type Incident } from '../src/domain/incident/incident.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { prepare } from './prepare.ts';
import { createTroubleClock, type TroubleClock } from './trouble-clock.ts';

/** An incident has a channel of its own within this time, or goes on where it was declared, in ms. */
const PATIENCE_MS = 60_000;

interface Opened {
  channel: string;
  name: string;
}

type Chat = Pick<ChatPort, 'openChannel' | 'health'>;

/** Opens the incident's channel; its name and age come from the incident, so a repeat finds it again. */
export function channelOpen(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Chat,
  waiting = createTroubleClock(),
): Job<'channel.open'> {
  return {
    kind: 'channel.open',
    async run(effect) {
      const incident = await prepare(() => findIncident(pool, effect.payload.incident));
      if (!incident) return rejected('the incident does not exist');
      if (incident.channel !== null) return done({ channel: incident.channel, name: incident.name });
      const opened = await chat.openChannel({
        name: incident.name,
        owner: referenceOf(estate().name, incident),
        since: incident.declared_at,
        again: effect.unknown_since !== null,
      });
      return inTime(effect, incident, opened, chat, waiting);
    },
    after(incident, _effect, outcome) {
      if (incident.channel !== null) return NOTHING;
      if (outcome.kind !== 'done') return channelFailed(incident, outcome.reason);
      const { channel, name = incident.name } = outcome.value;
      return channelOpened({ channel, name });
    },
  };
}

/**
 * While Slack as a whole is away nothing could be said anywhere, so the channel waits with everything else. Where Slack
 * works and only the channel does not come (its limits, its rules), people must not wait longer than a minute.
 */
async function inTime(
  { key }: ClaimedEffect,
  { origin_channel }: Incident,
  opened: Outcome<Opened>,
  chat: Chat,
  waiting: TroubleClock,
): Promise<Outcome<Opened>> {
  if (opened.kind === 'done' || opened.kind === 'rejected' || origin_channel === null) {
    waiting.clear(key);
    return opened;
  }
  if (!(await chat.health()).answers) {
    waiting.clear(key);
    return opened;
  }
  const pause = opened.kind === 'retry' ? opened.after_ms : 0;
  if (waiting.since(key) + pause < PATIENCE_MS) return opened;
  waiting.clear(key);
  return rejected(`not open after a minute: ${opened.reason}`);
}
