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
};

/**
 * Refusals of the token or of a permission: nothing was done, and as soon as somebody mends it the same call works.
 * Source: the errors that Slack lists for every method, and `missing_scope`.
 */
const LOCKED_OUT = new Set([
  'access_denied',
  'accesslimited',
  'account_inactive',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
  'two_factor_setup_required',
]);

/** Statuses that say of the request itself that it would never do; Slack answers its own refusals with 200. */
const BAD_REQUEST = new Set([400, 413, 414, 431]);

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
  if (LOCKED_OUT.has(code)) return retry(refusalReason(code, neededBy(error)));
  return rejected(refusalReason(code, { messages: metadata?.messages ?? [] }));
}

/** The scope that Slack names beside `missing_scope`. */
const neededBy = ({ data }: WebAPIPlatformError): { needed?: string } =>
  'needed' in data && typeof data.needed === 'string' ? { needed: data.needed } : {};

/** The code of a refused token or permission, or of a proxy's refusal, in an outcome's reason; null for all others. */
export function outageCode(outcome: Outcome<unknown>): string | null {
  if (outcome.kind !== 'retry') return null;
  const [, code = ''] = /^([a-z0-9_]+): /.exec(outcome.reason) ?? [];
  return LOCKED_OUT.has(code) || code.startsWith('http_') ? code : null;
}

function httpOutcome(status: number, doing: string): Outcome<never> {
  const reason = `${doing}: HTTP status ${status}`;
  if (status >= 500 || status === 408 || status < 400) return unknown(reason);
  if (BAD_REQUEST.has(status)) return rejected(`http_${status}: ${reason}`);
  // Slack itself never answers so: a proxy or a firewall did, and the call did not get through.
  return retry(`http_${status}: ${reason}: is a proxy in between, and does it let ${doing} through to Slack?`);
}

const requestOutcome = (error: Error, doing: string): Outcome<never> =>
  neverSent(error)
    ? retry(`${doing}: Slack cannot be reached: ${networkReason(error)}`)
    : unknown(`${doing}: ${networkReason(error)}`);

const limited = (doing: string): string => `${doing}: Slack asks to go slower (429)`;
