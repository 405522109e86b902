import type { Decision } from '../effect/decision.ts';
import { cardIntent, postIntent } from '../effect/intents.ts';
import { LIFEBOAT } from '../estate/people.ts';
import type { Incident } from './incident.ts';
import { unreachedIntents, whyUnreached } from './unreached.ts';

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
    effects: [...unreachedIntents(incident, data.to, data.reason), cardIntent(incident.id, `refused:${effect}`)],
  };
}

/** An automatic update that its reader never sees; the next one is tried anew, and this is said once. */
export const updateRefused = (incident: Incident, to: string, reason: string): Decision => ({
  events: [],
  effects: unreachedIntents(incident, to, reason),
});

/** People who could not be invited, by user id, and why. */
export function notInvited(incident: Incident, refused: readonly { user: string; code: string }[]): Decision {
  return {
    events: refused.map(({ user, code }) => ({
      kind: 'reach.failed',
      actor: LIFEBOAT,
      data: { to: user, why: whyUnreached(code) },
    })),
    effects: refused.flatMap(({ user, code }) => unreachedIntents(incident, user, code)),
  };
}
