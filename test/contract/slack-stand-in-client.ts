import { LogLevel, type WebAPICallResult, WebAPIPlatformError, WebClient } from '@slack/web-api';
import type { SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

const silent = () => undefined;
const logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  getLevel: () => LogLevel.ERROR,
  setName: silent,
};

/** The real client, without retries and without a word; `timeout` in ms. */
export const clientOf = (slack: SlackStandIn, token: string | undefined = slack.botToken, timeout = 0): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger,
    timeout,
  });

const codeOf = (error: unknown): string =>
  error instanceof WebAPIPlatformError ? error.data.error : error instanceof Error ? error.message : String(error);

/** The error code with which a call is refused; `ok` when it is not. */
export const refusal = (call: Promise<WebAPICallResult>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: unknown) => codeOf(error),
  );

export const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
