import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { rejected, retry, unknown } from '../../domain/effect/outcome.ts';
import { messageOf } from '../../runtime/errors.ts';
import { networkReason, neverSent } from './network.ts';
import { refusalReason } from './refusals.ts';

/** Refusals after which Slack itself says that a part may have been done, or does not say that nothing was. */
const MAYBE_DONE = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'service_timeout']);

/** Refusals that pass by themselves, with ms to wait. */
const PASSING: Readonly<Record<string, number>> = {
  ratelimited: 0,
  rate_limited: 0,
  request_timeout: 1_000, // Slack did not get the whole request
  team_added_to_org: 60_000, // the workspace is being moved
  org_login_required: 60_000,
};

/** What is known after `error`; `doing` says what was tried. Never throws. */
export function outcomeOf(error: unknown, doing: string): Outcome<never> {
  if (error instanceof WebAPIPlatformError) return platformOutcome(error, doing);
  if (error instanceof WebAPIRateLimitedError) return retry(limited(doing), error.retryAfter * 1_000);
  if (error instanceof WebAPIHTTPError) return httpOutcome(error.statusCode, doing);
  if (error instanceof WebAPIRequestError) return requestOutcome(error.original, doing);
  // A 429 without Retry-After: the client gives it no class of its own.
  if (messageOf(error).startsWith('Retry header did not contain')) return retry(limited(doing));
  return unknown(`${doing}: ${networkReason(error)}`);
}

/** The same for a call that only reads: nothing can have happened, so what is unknown is simply to be asked again. */
export function readOutcome(error: unknown, doing: string): Outcome<never> {
  const outcome = outcomeOf(error, doing);
  return outcome.kind === 'unknown' ? retry(outcome.reason) : outcome;
}

/** Slack's code for a clear refusal, such as `name_taken`; undefined for every other error. */
export function refusalCode(error: unknown): string | undefined {
  if (!(error instanceof WebAPIPlatformError)) return undefined;
  const code: unknown = error.data.error;
  return typeof code === 'string' && /^[a-z0-9_]{1,80}$/.test(code) ? code : undefined;
}

function platformOutcome(error: WebAPIPlatformError, doing: string): Outcome<never> {
  const code = refusalCode(error);
  // An answer that is not Slack's, such as the page of a proxy.
  if (code === undefined) return unknown(`${doing}: the answer cannot be read`);
  if (MAYBE_DONE.has(code)) return unknown(`${doing}: ${code}; Slack may have done it`);
  const wait = PASSING[code];
  const metadata = error.data.response_metadata;
  if (wait !== undefined)
    return retry(`${doing}: ${code}`, metadata?.retryAfter === undefined ? wait : metadata.retryAfter * 1_000);
  const needed = 'needed' in error.data && typeof error.data.needed === 'string' ? { needed: error.data.needed } : {};
  return rejected(refusalReason(code, { ...needed, messages: metadata?.messages ?? [] }));
}

function httpOutcome(status: number, doing: string): Outcome<never> {
  const reason = `${doing}: HTTP status ${status}`;
  return status >= 500 || status === 408 || status < 400 ? unknown(reason) : rejected(`http_${status}: ${reason}`);
}

const requestOutcome = (error: Error, doing: string): Outcome<never> =>
  neverSent(error)
    ? retry(`${doing}: Slack cannot be reached: ${networkReason(error)}`)
    : unknown(`${doing}: ${networkReason(error)}`);

const limited = (doing: string): string => `${doing}: Slack asks to go slower (429)`;
