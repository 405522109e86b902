import { done, rejected, retry, unknown } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { PagerEvent } from '../../ports/pager.ts';
import { eventBody, problemOf } from './event-body.ts';
import { networkCode, surelyNotSent } from './network-error.ts';
import type { Redact } from './redact.ts';
import { retryAfterMs } from './retry-after.ts';

export interface EventsEndpoint {
  url: string;
  timeoutMs: number;
  redact: Redact;
}

/** Sends one event; unknown when PagerDuty may have taken it: a repeat is harmless while the alert is open. */
export async function sendEvent(endpoint: EventsEndpoint, routingKey: string, event: PagerEvent): Promise<Outcome> {
  const problem = problemOf(event, routingKey);
  if (problem !== undefined) return rejected(`PagerDuty event ${event.dedup_key.slice(0, 255)}: ${problem}`);
  const { url, timeoutMs, redact } = endpoint;
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      // A kept connection that PagerDuty has closed meanwhile would make the outcome unknown.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: eventBody(event, routingKey),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const code = redact(networkCode(error));
    if (surelyNotSent(code)) return retry(`PagerDuty cannot be reached: ${code}`);
    return unknown(`PagerDuty gave no answer to the event: ${code}`);
  }
  return judge(answer, redact);
}

/** PagerDuty's table for events: 400 never again, 429 and 5xx again. */
async function judge(answer: Response, redact: Redact): Promise<Outcome> {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    await answer.body?.cancel().catch(() => undefined);
    return done(undefined);
  }
  const said = messagesOf(redact(await answer.text().catch(() => '')));
  const reason = `PagerDuty answered the event with HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429) return retry(reason, retryAfterMs(answer.headers, Date.now()));
  if (status >= 500 || status === 408 || status === 425) return retry(reason);
  return rejected(status === 400 || status === 413 ? reason : `${reason}; check PAGERDUTY_EVENTS_URL`);
}

/** "message: error; error" of PagerDuty's error body, or the start of whatever else came. */
function messagesOf(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: unknown; errors?: unknown } | null;
    const errors = Array.isArray(body?.errors) ? body.errors.filter((one) => typeof one === 'string') : [];
    const message = typeof body?.message === 'string' ? [body.message] : [];
    return [...message, ...(errors.length > 0 ? [errors.join('; ')] : [])].join(': ').slice(0, 500);
  } catch {
    return text.trim().slice(0, 200);
  }
}
