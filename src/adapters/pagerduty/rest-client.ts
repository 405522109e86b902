import PagerDuty from 'node-pagerduty';
import type { Response } from 'node-pagerduty';
import { done, rejected, retry, unknown } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { networkCode, surelyNotSent } from './network-error.ts';
import type { Redact } from './redact.ts';
import { retryAfterMs } from './retry-after.ts';

export interface RestOptions {
  apiUrl: string;
  apiToken: string;
  timeoutMs: number;
  redact: Redact;
}

/** Makes REST calls and turns whatever comes back into an outcome with the parsed body. */
export interface RestClient {
  /** A call that changes nothing: it may be repeated whenever it failed. */
  read(what: string, call: (client: PagerDuty) => Promise<Response>): Promise<Outcome<unknown>>;
  /** A call that changes something: without a clear answer its outcome is unknown. */
  write(what: string, call: (client: PagerDuty) => Promise<Response>): Promise<Outcome<unknown>>;
}

/** The address that node-pagerduty has built in. */
const BUILT_IN = 'https://api.pagerduty.com/';

export function restClient(options: RestOptions): RestClient {
  const client = tamed(options);
  const run = async (what: string, call: (client: PagerDuty) => Promise<Response>): Promise<Outcome<unknown>> => {
    try {
      return judge(what, await beforeDeadline(call(client), options.timeoutMs), options.redact);
    } catch (error) {
      const code = options.redact(networkCode(error));
      const reason = `PagerDuty gave no answer to "${what}": ${code}`;
      return surelyNotSent(code) ? retry(reason) : unknown(reason);
    }
  };
  return {
    write: run,
    read: async (what, call) => {
      const outcome = await run(what, call);
      return outcome.kind === 'unknown' ? retry(outcome.reason) : outcome;
    },
  };
}

/** node-pagerduty with status codes instead of bare errors, our address, no redirects (they would carry the token on). */
function tamed({ apiUrl, apiToken, timeoutMs }: RestOptions): PagerDuty {
  const client = new PagerDuty(apiToken, 'token', { simple: false, timeout: timeoutMs, followRedirect: false });
  const build = client.options;
  const base = `${apiUrl.replace(/\/+$/, '')}/`;
  client.options = (url, method, query, body) => {
    const request = build(url, method, query, body);
    // pool: a kept connection that PagerDuty has closed meanwhile would make a note's outcome unknown.
    return { ...request, uri: base + request.uri.slice(BUILT_IN.length), pool: false };
  };
  return client;
}

/** The package's own time-out starts anew with each byte; this one does not. */
async function beforeDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('time-out')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const FIXES: Partial<Record<number, string>> = {
  401: 'set PAGERDUTY_API_TOKEN to a valid REST API key',
  402: 'the PagerDuty plan does not include this',
  403: 'give the REST API key the right to do this',
};

function judge(what: string, answer: Response, redact: Redact): Outcome<unknown> {
  const { statusCode: status } = answer;
  const body = parsed(answer.body);
  if (status >= 200 && status < 300) return done(body);
  const said = redact(messagesOf(body));
  const reason = `PagerDuty answered "${what}" with HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429) return retry(reason, retryAfterMs({ get: (name) => headerOf(answer, name) }, Date.now()));
  if (status >= 500 || status === 408) return unknown(reason);
  const fix = FIXES[status];
  return rejected(fix === undefined ? reason : `${reason}; ${fix}`);
}

function headerOf(answer: Response, name: string): string | null {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : null;
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** "message: error; error" of the REST API's error body. */
function messagesOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('error' in body)) return '';
  const error = body.error as { message?: unknown; errors?: unknown } | string | null;
  if (typeof error === 'string' || error === null) return error ?? '';
  const list = Array.isArray(error.errors) ? error.errors.filter((one) => typeof one === 'string').join('; ') : '';
  const message = typeof error.message === 'string' ? error.message : '';
  return [message, list].filter((part) => part !== '').join(': ');
}
