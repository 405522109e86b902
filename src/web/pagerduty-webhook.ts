import * as z from 'zod';
import type { Log } from '../runtime/log.ts';
import { LifeboatError } from '../runtime/errors.ts';
import { recordPagerEvent } from '../verbs/page/record-pager-event.ts';
import type { VerbDeps } from '../verbs/context.ts';
import { verifyPagerDutySignature } from './pagerduty-signature.ts';

const WEBHOOK = z.object({
  event: z.object({
    id: z.string().min(1),
    event_type: z.string(),
    occurred_at: z.string().nullish(),
    agent: z.object({ id: z.string(), type: z.string().optional() }).nullish(),
    data: z.object({ incident_key: z.string().nullish() }).nullish(),
  }),
});

/** Agents that are people; what Lifeboat itself did through the API comes back with another type. */
const PERSON = /^user(_reference)?$/;

/**
 * Takes one webhook and answers its HTTP status. The signature is checked first and a forged one is refused; what is
 * genuine but concerns nothing of ours is accepted, since refused deliveries switch the subscription off.
 */
export function pagerDutyWebhook(verbs: VerbDeps, secrets: string[], log: Log) {
  return async (body: string, headers: Headers): Promise<number> => {
    if (secrets.length === 0) {
      log.warn('pagerduty webhook refused: PAGERDUTY_WEBHOOK_SECRET is not set');
      return 401;
    }
    if (!verifyPagerDutySignature(body, headers.get('x-pagerduty-signature') ?? undefined, secrets)) {
      log.warn({ webhook: headers.get('x-webhook-id') }, 'pagerduty webhook with a wrong signature refused');
      return 401;
    }
    const parsed = WEBHOOK.safeParse(readJson(body));
    if (!parsed.success) {
      log.warn({ problems: parsed.error.issues.map((issue) => issue.message) }, 'pagerduty webhook not understood');
      return 202;
    }
    const { event } = parsed.data;
    if (isStale(event.occurred_at)) {
      log.warn({ event: event.id, occurred_at: event.occurred_at }, 'stale pagerduty webhook refused');
      return 202;
    }
    const dedup_key = event.data?.incident_key;
    const kind =
      event.event_type === 'incident.acknowledged'
        ? 'acknowledged'
        : event.event_type === 'incident.resolved'
          ? 'resolved'
          : null;
    if (kind === null || !dedup_key || !event.agent || !PERSON.test(event.agent.type ?? '')) return 202;
    try {
      const request = { key: `pagerduty:${event.id}`, actor: `pagerduty:${event.agent.id}` };
      await recordPagerEvent(verbs, request, { dedup_key, kind });
      return 202;
    } catch (error) {
      // A repeat, or an incident that is over: nothing is left to do. Anything else PagerDuty shall send again.
      if (error instanceof LifeboatError && error.code !== 'unavailable') return 202;
      log.error({ err: error }, 'pagerduty webhook not recorded');
      return 503;
    }
  };
}

/** PagerDuty repeats a webhook for 48 h, and arrivals are remembered for 72 h: what is older could be a replay, in ms. */
const STALE_MS = 60 * 3_600_000;

const isStale = (occurred_at: string | null | undefined): boolean =>
  typeof occurred_at === 'string' && Date.now() - Date.parse(occurred_at) > STALE_MS;

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
