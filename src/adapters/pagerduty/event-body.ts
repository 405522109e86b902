import type { JsonObject } from '../../domain/json.ts';
import type { PagerEvent } from '../../ports/pager.ts';

/** PagerDuty: an event may have 512 KB. */
const EVENT_BYTES = 512 * 1024;
/** PagerDuty: longest summary and dedup_key. */
const SUMMARY_LENGTH = 1024;
const DEDUP_KEY_LENGTH = 255;

/** What PagerDuty would refuse about the event and cannot be mended by cutting; undefined if nothing. */
export function problemOf(event: PagerEvent, routingKey: string): string | undefined {
  if (routingKey === '') return `no routing key for the role ${event.role}: set PAGERDUTY_ROUTING_KEY`;
  const length = event.dedup_key.length;
  if (length === 0) return 'the dedup key is empty: give the alert a key';
  if (length > DEDUP_KEY_LENGTH)
    return `the dedup key has ${length} characters, PagerDuty takes ${DEDUP_KEY_LENGTH}: shorten it`;
  if (event.action !== 'trigger') return undefined;
  if (event.summary.trim() === '') return 'the summary is empty: say what is wrong';
  return event.source.trim() === '' ? 'the source is empty: name what is affected' : undefined;
}

/** The JSON text for POST /enqueue; summary and details are cut to what PagerDuty takes. */
export function eventBody(event: PagerEvent, routing_key: string): string {
  const base = { routing_key, event_action: event.action, dedup_key: event.dedup_key };
  if (event.action !== 'trigger') return JSON.stringify(base);
  const { source, severity } = event;
  const payload = { summary: cut(event.summary, SUMMARY_LENGTH), source: cut(source, SUMMARY_LENGTH), severity };
  const empty = JSON.stringify({ ...base, payload: { ...payload, custom_details: null } });
  const custom_details = fit(event.details, EVENT_BYTES - Buffer.byteLength(empty) + 'null'.length);
  return JSON.stringify({ ...base, payload: { ...payload, custom_details } });
}

/** At most `length` UTF-16 units, never half a character; an ellipsis shows that something is missing. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const high = text.charCodeAt(length - 2);
  const end = high >= 0xd800 && high <= 0xdbff ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

/** Replaces the largest values by a word about their size until the rest fits into `bytes`. */
function fit(details: JsonObject, bytes: number): JsonObject {
  let total = sizeOf(details);
  if (total <= bytes) return details;
  const fitting: JsonObject = { ...details };
  const bySize = Object.entries(details).map(([name, value]) => ({ name, size: sizeOf(value) }));
  bySize.sort((a, b) => b.size - a.size);
  for (const { name, size } of bySize) {
    const instead = `(left out: ${size} bytes)`;
    fitting[name] = instead;
    total += sizeOf(instead) - size;
    if (total <= bytes) return fitting;
  }
  return { left_out: `${bySize.length} details, too large for PagerDuty` };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
