import type { Decision } from '../effect/decision.ts';
import { intend, type EffectIntent } from '../effect/effect.ts';
import { cardIntent, postIntent } from '../effect/intents.ts';
import { LIFEBOAT } from '../estate/people.ts';
import type { Incident } from '../incident/incident.ts';
import { roleIn } from './escalation.ts';

/** A page is confirmed within moments; only after so long is its absence worth a word, in ms. */
const WORTH_A_WORD_MS = 20_000;
/** A page that took longer may stand on the card as one that waits, in ms. */
const ON_THE_CARD_MS = 1_000;
/** The pager makes its incident after its answer; the first look is after so long, in ms. */
const LOOK_UP_MS = 5_000;

/** The pager confirmed the page. It is looked up where the pager can tell: accepted is not arrived. */
export function pageConfirmed(
  incident: Incident,
  page: { dedup_key: string; waited: number; tries: number; lookUp: Date | null },
): Decision {
  const { dedup_key, waited, tries, lookUp } = page;
  return {
    events: [{ kind: 'page.sent', actor: LIFEBOAT, data: { dedup_key } }],
    effects: [
      ...(lookUp === null ? [] : [arrivalIntent(incident.id, dedup_key, new Date(lookUp.getTime() + LOOK_UP_MS))]),
      ...(tries > 1 || waited > ON_THE_CARD_MS ? [cardIntent(incident.id, `sent:${dedup_key}`)] : []),
      // Everybody who read that it is not confirmed has to read that it is.
      ...(wasSaid(page) ? [said(incident, 'page-confirmed', dedup_key)] : []),
    ],
  };
}

/** Another try failed: said once in the channel, early when the pager refuses, else when it lasts. */
export function pageUnconfirmed(
  incident: Incident,
  page: { dedup_key: string; reason: string; waited: number; tries: number; refusal: boolean },
): Decision {
  const { dedup_key, reason, tries, refusal } = page;
  return {
    events: [],
    effects: [
      ...(tries === 2 ? [cardIntent(incident.id, `unconfirmed:${dedup_key}`)] : []),
      ...(wasSaid(page) || (refusal && tries > 1) ? [said(incident, 'page-unconfirmed', dedup_key, reason)] : []),
    ],
  };
}

const wasSaid = ({ waited, tries }: { waited: number; tries: number }): boolean =>
  tries > 1 && waited > WORTH_A_WORD_MS;

/** The pager gave the page to the person whom it names. */
export const pageAssigned = (incident: Incident, dedup_key: string, person: string): Decision => ({
  events: [{ kind: 'page.assigned', actor: LIFEBOAT, data: { dedup_key, person } }],
  effects: [cardIntent(incident.id, `assigned:${dedup_key}`)],
});

/** The page is given up, or has no incident in the pager: whoever is there has to reach the people another way. */
export function pageFailed(incident: Incident, dedup_key: string, reason: string): Decision {
  return {
    events: [{ kind: 'page.failed', actor: LIFEBOAT, data: { dedup_key, reason } }],
    effects: [said(incident, 'page-failed', dedup_key, reason), cardIntent(incident.id, `page-failed:${dedup_key}`)],
  };
}

function said(incident: Incident, template: string, dedup_key: string, reason?: string): EffectIntent {
  return postIntent({
    incident: incident.id,
    key: `${template}:${dedup_key}`,
    template,
    to: 'incident',
    params: { role: roleIn(dedup_key), dedup_key, ...(reason !== undefined && { reason }) },
  });
}

/** Asks the pager whether it has an incident for the page. Stands in nobody's way: the page's own order is not its. */
const arrivalIntent = (incident: number, dedup_key: string, due_at: Date): EffectIntent =>
  intend('pager.confirm', `pager:${dedup_key}:arrived`, { incident, dedup_key }, { due_at });
