import { LogLevel, WebClient } from '@slack/web-api';
import type { FetchFunction, Logger } from '@slack/web-api';
import { Agent, fetch as undiciFetch } from 'undici';

export interface SlackClientOptions {
  token: string;
  /** Base of the Web API; Slack's own when absent. */
  apiUrl?: string;
  /** For one call, in ms. */
  timeoutMs?: number;
  fetch?: FetchFunction;
}

/** A client that tries each call once, waits a bounded time and hands a 429 back: pace and repeats are the queue's. */
export function createSlackClient({ token, apiUrl, timeoutMs = 10_000, fetch }: SlackClientOptions): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    logger: silent,
    fetch: fetch ?? ownFetch(timeoutMs),
  });
}

/** A shorter limit for connecting: without it a dead network is "may have happened" instead of "surely not sent". */
function ownFetch(timeoutMs: number): FetchFunction {
  const dispatcher = new Agent({ connect: { timeout: Math.ceil(timeoutMs / 2) } });
  return async (url, init) => {
    const { method, headers, body, redirect, signal } = init ?? {};
    if (body instanceof FormData) throw new TypeError('this client sends no files');
    return undiciFetch(url, {
      dispatcher,
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      ...(redirect === undefined ? {} : { redirect }),
      ...(signal === undefined ? {} : { signal }),
    });
  };
}

const nothing = (): void => undefined;

/** Every error becomes an outcome that the caller logs; the client's own lines would be second ones, unredacted. */
const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};
