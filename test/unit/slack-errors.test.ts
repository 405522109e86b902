import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { expect, test } from 'vitest';
import { outageCode, outcomeOf, readOutcome, refusalCode } from '../../src/adapters/slack/errors.ts';

const platform = (error: string, more: object = {}): WebAPIPlatformError =>
  new WebAPIPlatformError({ ok: false, error, ...more });
const network = (code: string): WebAPIRequestError =>
  new WebAPIRequestError(new TypeError('fetch failed', { cause: Object.assign(new Error(`cause ${code}`), { code }) }));

test.each([
  'not_in_channel',
  'channel_not_found',
  'invalid_blocks',
  'is_archived',
  'msg_too_long',
  'edit_window_closed',
  'message_not_found',
  'restricted_action',
])('the clear refusal %s is final, and its code stands before the words', (code) => {
  expect(outcomeOf(platform(code), 'post')).toEqual({
    kind: 'rejected',
    reason: expect.stringMatching(`^${code}: .{10,}`),
  });
});

test('a refusal that nobody foresaw is final too', () => {
  expect(outcomeOf(platform('brand_new_error'), 'post')).toEqual({
    kind: 'rejected',
    reason: 'brand_new_error: Slack refused this',
  });
});

test.each(['invalid_auth', 'token_revoked', 'account_inactive', 'missing_scope', 'org_login_required'])(
  'the refused token or permission %s is to be tried again, and its code stands before the words',
  (code) => {
    const outcome = outcomeOf(platform(code), 'post');
    expect(outcome).toEqual({ kind: 'retry', after_ms: 0, reason: expect.stringMatching(`^${code}: .{10,}`) });
    expect(outageCode(outcome)).toBe(code);
  },
);

test.each([401, 403, 404, 407, 451])('status %d came from something in between', (status) => {
  const outcome = outcomeOf(new WebAPIHTTPError(status, '', {}), 'post');
  expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringMatching(`^http_${status}: .*proxy`) });
  expect(outageCode(outcome)).toBe(`http_${status}`);
});

test('what is no refusal of the token is none', () => {
  expect(outageCode(outcomeOf(new WebAPIRateLimitedError(7), 'post'))).toBeNull();
  expect(outageCode(outcomeOf(platform('is_archived'), 'post'))).toBeNull();
  expect(outageCode(outcomeOf(network('ECONNREFUSED'), 'post'))).toBeNull();
});

test('a missing permission is named, and so are the rules that blocks break', () => {
  expect(outcomeOf(platform('missing_scope', { needed: 'chat:write' }), 'post')).toMatchObject({
    reason: expect.stringContaining('(chat:write)'),
  });
  const messages = ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'];
  expect(outcomeOf(platform('invalid_blocks', { response_metadata: { messages } }), 'post')).toMatchObject({
    reason: expect.stringContaining('json-pointer:/blocks/0'),
  });
});

test.each(['fatal_error', 'internal_error', 'service_unavailable'])('after %s it may have happened', (code) => {
  expect(outcomeOf(platform(code), 'post')).toEqual({ kind: 'unknown', reason: expect.stringContaining(code) });
});

test("an answer that is not Slack's says nothing about what happened", () => {
  expect(outcomeOf(platform('<html>Bad gateway</html>'), 'post')).toMatchObject({ kind: 'unknown' });
  expect(outcomeOf(platform(''), 'post')).toMatchObject({ kind: 'unknown' });
  expect(outcomeOf(new SyntaxError('Unexpected end of JSON input'), 'post')).toMatchObject({ kind: 'unknown' });
});

test('a 429 is to be repeated after the time that Slack gives, in ms', () => {
  expect(outcomeOf(new WebAPIRateLimitedError(7), 'post')).toEqual({
    kind: 'retry',
    after_ms: 7_000,
    reason: expect.stringContaining('429'),
  });
  expect(outcomeOf(platform('ratelimited', { response_metadata: { retryAfter: 3 } }), 'post')).toMatchObject({
    kind: 'retry',
    after_ms: 3_000,
  });
  expect(outcomeOf(new Error('Retry header did not contain a valid timeout (url: x)'), 'post')).toMatchObject({
    kind: 'retry',
    after_ms: 0,
  });
});

test.each([500, 502, 503, 504, 408])('after status %d it may have happened', (status) => {
  expect(outcomeOf(new WebAPIHTTPError(status, '', {}), 'post')).toMatchObject({ kind: 'unknown' });
});

test.each([400, 413, 414])('status %d is a clear refusal', (status) => {
  expect(outcomeOf(new WebAPIHTTPError(status, '', {}), 'post')).toEqual({
    kind: 'rejected',
    reason: expect.stringMatching(`^http_${status}: `),
  });
});

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
  'after %s nothing was sent',
  (code) => {
    expect(outcomeOf(network(code), 'post')).toEqual({
      kind: 'retry',
      after_ms: 0,
      reason: expect.stringContaining(code),
    });
  },
);

test.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT'])(
  'after %s it may have happened',
  (code) => {
    expect(outcomeOf(network(code), 'post')).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(code) });
  },
);

test('a time-out is unknown for a change and to be repeated for a read', () => {
  const error = new WebAPIRequestError(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  expect(outcomeOf(error, 'post')).toMatchObject({
    kind: 'unknown',
    reason: 'post: The operation was aborted due to timeout',
  });
  expect(readOutcome(error, 'read')).toMatchObject({ kind: 'retry' });
  expect(readOutcome(platform('not_in_channel'), 'read')).toMatchObject({ kind: 'rejected' });
});

test('whatever is thrown becomes an outcome', () => {
  for (const odd of [
    undefined,
    null,
    'text',
    5,
    { error: 'x' },
    new AggregateError([new Error('a'), new Error('b')]),
  ]) {
    expect(outcomeOf(odd, 'post').kind).toBe('unknown');
  }
});

test("only Slack's own words count as a code", () => {
  expect(refusalCode(platform('name_taken'))).toBe('name_taken');
  expect(refusalCode(platform('<p>'))).toBeUndefined();
  expect(refusalCode(new Error('name_taken'))).toBeUndefined();
});
