import type { EffectIntent } from '../effect/effect.ts';
import { postIntent } from '../effect/intents.ts';
import type { Estate } from '../estate/model.ts';
import type { Incident } from '../incident/incident.ts';
import type { JsonObject } from '../json.ts';

/** Posts the incident notification to audiences over Slack; those whose text needs consent are left to their own way. */
export function notices(
  estate: Estate,
  incident: Pick<Incident, 'id'>,
  audiences: readonly string[],
  key: string,
  params: JsonObject = {},
): EffectIntent[] {
  // In the incident's own channel the card is the notification.
  const readers = slackTargets(estate, audiences).filter((to) => to !== 'incident');
  return readers.map((to) =>
    postIntent({ incident: incident.id, key: `notice:${key}`, template: 'incident-notification', to, params }),
  );
}

/** Where audiences read in Slack: 'incident' or a '#channel', each once. */
export function slackTargets(estate: Estate, audiences: readonly string[]): string[] {
  const targets = audiences.flatMap((name) => {
    const audience = estate.audiences[name];
    if (!audience?.slack || audience.consent) return [];
    return [audience.slack === 'incident-channel' ? 'incident' : audience.slack];
  });
  return [...new Set(targets)];
}
