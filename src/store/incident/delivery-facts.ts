import type { IncidentFacts, PageFacts, RefusedSend } from '../../domain/incident/facts.ts';
import type { Json } from '../../domain/json.ts';
import type { Delivery } from '../effect/effect-views.ts';
import type { PageRow } from '../page/pages.ts';

/** A send that is on its first try since a moment is not news, in ms. */
const NEWS_MS = 5_000;
/** A page is confirmed within this time, in ms; where it is not, that is said beside it. */
const PAGE_MS = 1_000;
/** So many refused sends are named; there are hardly ever two. */
const NAMED = 5;

/** What a person should know of the sends that are not through. */
export function countDeliveries(deliveries: Delivery[], now: Date): IncidentFacts['deliveries'] {
  const count = (states: string[]): number =>
    deliveries.filter(
      (each) =>
        states.includes(each.state) && (each.state === 'failed' || each.attempts > 1 || ageOf(each, now) > NEWS_MS),
    ).length;
  return {
    pending: count(['pending', 'queued', 'running']),
    failed: count(['failed']),
    unknown: count(['unknown']),
    refused: deliveries
      .filter(({ state }) => state === 'failed')
      .slice(-NAMED)
      .map(refusedSend),
  };
}

function refusedSend({ kind, payload, error }: Delivery): RefusedSend {
  return { kind, template: text(payload['template']), to: text(payload['to']), reason: error ?? '' };
}

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** A page with what keeps it from its reader: "paged" may be said only of what the pager confirmed. */
export function withTrouble(page: PageRow, deliveries: Delivery[], now: Date): PageFacts {
  const sends = deliveries.filter(({ key }) => SENDS.some((end) => key === `pager:${page.dedup_key}:${end}`));
  if (sends.some(({ state }) => state === 'failed')) return { ...page, trouble: 'failed' };
  const waits = sends.some((each) => each.attempts > 1 || ageOf(each, now) > PAGE_MS);
  return waits ? { ...page, trouble: 'unconfirmed' } : page;
}

/** The page itself, its way to the one person it names, and the look whether it arrived, which stands here only when it did not. */
const SENDS = ['trigger', 'assigned', 'arrived'];

const ageOf = ({ created_at }: Delivery, now: Date): number => now.getTime() - created_at.getTime();
