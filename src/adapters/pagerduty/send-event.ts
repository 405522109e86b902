import * as z from 'zod';
import { done, rejected, retry, unknown } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { PagerEvent } from '../../ports/pager.ts';
import { eventBody, problemOf } from './event-body.ts';
import { networkCode, surelyNotSent } from './network-error.ts';
import type { Redact } from './redact.ts';
import { pauseMs, retryAfterMs } from './retry-after.ts';

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
  try {
    const answer = await fetch(url, {
      method: 'POST',
      // A kept connection that PagerDuty has closed meanwhile would make the outcome unknown.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: eventBody(event, routingKey),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await start(answer);
    return answer.ok ? confirmed(answer, text, event.dedup_key, redact) : judge(answer, redact(text));
  } catch (error) {
    const code = redact(networkCode(error));
    if (surelyNotSent(code)) return retry(`PagerDuty cannot be reached: ${code}`);
    return unknown(`PagerDuty gave no answer to the event: ${code}`);
  }
}

/** PagerDuty's answers have less than a kilobyte; of anything longer this many bytes are read. */
const ANSWER_BYTES = 64 * 1024;

/** The body as text, or its start where it is longer than PagerDuty's. Throws when it breaks off. */
async function start({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size >= ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const ACCEPTED = z.object({ status: z.literal('success'), dedup_key: z.string() });

/** Only PagerDuty's own words and our key say that the event was taken: a proxy answers 200 to anything. */
function confirmed(answer: Response, text: string, dedup_key: string, redact: Redact): Outcome {
  const body = ACCEPTED.safeParse(parsed(text));
  if (body.success && body.data.dedup_key === dedup_key) return done(undefined);
  const what = body.success
    ? `for another key, ${redact(body.data.dedup_key).slice(0, 80)}`
    : `without PagerDuty's confirmation (${answer.headers.get('content-type') ?? 'no content type'}, ${text.length} characters)`;
  return unknown(`the event was answered with HTTP ${answer.status} ${what}; ${IN_BETWEEN}`);
}

const IN_BETWEEN = 'check PAGERDUTY_EVENTS_URL, and whether a proxy answers in its place';

/** PagerDuty's table for events: 400 never again, 429 and 5xx again. What is not in it, PagerDuty did not answer. */
function judge(answer: Response, text: string): Outcome {
  const { status, headers } = answer;
  const said = messagesOf(text);
  const reason = `PagerDuty answered the event with HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429) return retry(reason, retryAfterMs(headers, Date.now()));
  if (status >= 500 || status === 408 || status === 425) return retry(reason, pauseMs(headers, Date.now()));
  if (status === 400 || status === 413) return rejected(reason);
  if (status < 400) return unknown(`the event was redirected with HTTP ${status}${placeOf(headers)}; ${IN_BETWEEN}`);
  return { kind: 'retry', after_ms: pauseMs(headers, Date.now()), reason: `${reason}; ${IN_BETWEEN}`, refused: true };
}

/** Where a redirect leads, without what an address may hold of secrets. */
function placeOf(headers: Headers): string {
  const location = headers.get('location');
  return location !== null && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

/** "message: error; error" of PagerDuty's error body, or the start of whatever else came. */
function messagesOf(text: string): string {
  const body = parsed(text);
  if (body === undefined) return text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  const { message, errors = [] } = SAID.parse(body);
  return [message, errors.join('; ')]
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
    .slice(0, 500);
}

const SAID = z
  .object({
    message: z.string().optional().catch(undefined),
    errors: z
      .array(z.unknown())
      .transform((all) => all.filter((one) => typeof one === 'string'))
      .optional()
      .catch(undefined),
  })
  .catch({});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
