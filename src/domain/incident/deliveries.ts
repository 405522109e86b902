import type { Decision } from '../effect/decision.ts';
import { cardIntent, postIntent } from '../effect/intents.ts';
import { LIFEBOAT } from '../estate/people.ts';
import type { Incident } from './incident.ts';

/** There will be none: everything is said where the incident was declared, and that this is so. */
export function channelFailed(incident: Incident, reason: string): Decision {
  return {
    events: [{ kind: 'channel.failed', actor: LIFEBOAT, data: { name: incident.name, reason } }],
    effects:
      incident.origin_channel === null
        ? []
        : [
            postIntent({
              incident: incident.id,
              key: 'channel-failed',
              template: 'channel-failed',
              to: 'incident',
              params: { reason },
            }),
          ],
  };
}

/** A message that is given up: its reader knows nothing of it. */
export function messageRefused(
  incident: Incident,
  { effect, ...data }: { effect: string; template: string; to: string; reason: string },
): Decision {
  return {
    events: [{ kind: 'message.refused', actor: LIFEBOAT, data }],
    effects: [cardIntent(incident.id, `refused:${effect}`)],
  };
}
