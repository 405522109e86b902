import type { PagerPort } from '../../ports/pager.ts';
import { done, rejected } from '../../domain/effect/outcome.ts';
import { sendEvent } from './send-event.ts';
import { findIncident } from './incidents.ts';
import { createAssign } from './assign.ts';
import { createOnCall } from './on-call.ts';
import { createNotes } from './notes.ts';
import { restClient } from './rest-client.ts';
import { redactor } from './redact.ts';

export interface PagerDutyOptions {
  /** For example https://events.pagerduty.com/v2; `/enqueue` is added. */
  eventsUrl: string;
  /** For example https://api.pagerduty.com. */
  apiUrl: string;
  /** The integration key for roles that have none of their own. */
  routingKey: string;
  routingKeys?: Record<string, string> | undefined;
  /** Without it, on-call lookups, notes and look-ups of pages are rejected; pages still go out. */
  apiToken?: string | undefined;
  /** E-mail of a PagerDuty user in whose name notes are written. */
  from?: string | undefined;
  /** For one HTTP call, in ms. */
  timeoutMs?: number | undefined;
  /** The clock of the on-call cache: milliseconds that only grow. */
  now?: (() => number) | undefined;
}

/** The pager port on PagerDuty: Events API v2 by fetch, REST API v2 by node-pagerduty. */
export function createPagerDuty(options: PagerDutyOptions): PagerPort {
  const { eventsUrl, apiUrl, routingKey, routingKeys = {}, apiToken = '', from, timeoutMs = 5000 } = options;
  const now = options.now ?? ((): number => performance.now());
  const redact = redactor([routingKey, ...Object.values(routingKeys), apiToken]);
  const endpoint = { url: `${eventsUrl.replace(/\/+$/, '')}/enqueue`, timeoutMs, redact };
  const rest = apiToken === '' ? undefined : restClient({ apiUrl, apiToken, timeoutMs, redact });
  const keyOf = (role: string): string => (Object.hasOwn(routingKeys, role) ? (routingKeys[role] ?? '') : routingKey);
  return {
    send: (event) => sendEvent(endpoint, keyOf(event.role), event),
    tells: rest !== undefined,
    async arrived(dedup_key) {
      if (!rest) return rejected('whether the page arrived cannot be read: set PAGERDUTY_API_TOKEN');
      const found = await findIncident(rest, dedup_key);
      return found.kind === 'done' ? done(found.value !== null) : found;
    },
    assigns: rest !== undefined && from !== undefined,
    assign: createAssign(rest, from),
    ownKey: (role) => Object.hasOwn(routingKeys, role),
    onCall: createOnCall(rest, now),
    notes: rest !== undefined && from !== undefined,
    note: createNotes(rest, from),
  };
}
