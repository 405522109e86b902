import type { Log } from '../runtime/log.ts';
import { LifeboatError } from '../runtime/errors.ts';
import { recordPagerEvent } from '../verbs/page/record-pager-event.ts';
import type { VerbDeps } from '../verbs/context.ts';
import { findIncident } from '../store/incident/incidents.ts';
import { findPageByPagerId } from '../store/page/pages.ts';
import { pagerNote } from '../../templates/pager-event.ts';
import { readPagerEvent, WEBHOOK, type PagerEventRead } from './pagerduty-event.ts';
import { verifyPagerDutySignature } from './pagerduty-signature.ts';

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
    try {
      const read = readPagerEvent(event, verbs.estate());
      if (read && !(await isOwnNote(verbs, read)))
        await recordPagerEvent(verbs, { key: `pagerduty:${event.id}`, actor: read.actor }, read.of, read.news);
      return 202;
    } catch (error) {
      // A repeat, or an incident that is over: nothing is left to do. Anything else PagerDuty shall send again.
      if (error instanceof LifeboatError && error.code !== 'unavailable') return 202;
      log.error({ err: error }, 'pagerduty webhook not recorded');
      return 503;
    }
  };
}

/** The note that Lifeboat writes at the end comes back as anybody else's. */
async function isOwnNote({ pool }: VerbDeps, { of, news }: PagerEventRead): Promise<boolean> {
  if (news?.kind !== 'annotated' || of.pager_id === null) return false;
  const page = await findPageByPagerId(pool, of.pager_id);
  const incident = page && (await findIncident(pool, page.incident_id));
  return incident !== null && incident.resolved_at !== null && news.text?.trim() === pagerNote(incident).trim();
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
