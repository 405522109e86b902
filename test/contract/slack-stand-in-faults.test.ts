import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import type { Workspace } from '@lifeboat/stand-ins/slack/workspace';
import { clientOf } from './slack-stand-in-client.ts';

let slack: SlackStandIn;
let workspace: Workspace;
let client: WebClient;
let now: number;

beforeEach(async () => {
  now = 1_790_000_000_000;
  slack = await startSlackStandIn({ clock: () => now });
  workspace = slack.workspace;
  client = clientOf(slack, slack.botToken, 150);
});
afterEach(() => slack.close());

const post = (text: string, channel = 'C01GENERAL') => client.chat.postMessage({ channel, text });
const texts = () => workspace.messages().map((one) => one.text);

describe('faults on request', () => {
  it('answer with a status, without effect, as often as asked', async () => {
    const fault = workspace.faults.add({ kind: 'status', status: 500, method: 'chat.postMessage', times: 2 });
    await expect(post('one')).rejects.toBeInstanceOf(WebAPIHTTPError);
    await expect(post('two')).rejects.toMatchObject({ statusCode: 500 });
    await post('three');
    expect(texts()).toEqual(['three']);
    expect(fault.hits).toBe(2);
  });

  it('answer 429 with the seconds to wait', async () => {
    workspace.faults.add({ kind: 'rate_limited', retryAfter: 7, times: 1 });
    const refused = post('one');
    await expect(refused).rejects.toBeInstanceOf(WebAPIRateLimitedError);
    await expect(refused).rejects.toMatchObject({ retryAfter: 7 });
    expect(texts()).toEqual([]);
  });

  it('hang or reset, without effect', async () => {
    workspace.faults.add({ kind: 'hang', times: 1 });
    workspace.faults.add({ kind: 'reset', times: 1 });
    await expect(post('one')).rejects.toBeInstanceOf(WebAPIRequestError);
    await expect(post('two')).rejects.toBeInstanceOf(WebAPIRequestError);
    expect(texts()).toEqual([]);
  });

  it('take effect and lose the answer', async () => {
    workspace.faults.add({ kind: 'apply_then_reset', times: 1 });
    workspace.faults.add({ kind: 'apply_then_hang', times: 1 });
    workspace.faults.add({ kind: 'apply_then_status', status: 503, times: 1 });
    for (const text of ['one', 'two', 'three']) await expect(post(text)).rejects.toThrow();
    expect(texts()).toEqual(['one', 'two', 'three']);
  });

  it('refuse with an error code, with or without effect', async () => {
    workspace.faults.add({ kind: 'error', error: 'fatal_error', apply: true, times: 1 });
    workspace.faults.add({ kind: 'error', error: 'internal_error', times: 1 });
    await expect(post('one')).rejects.toMatchObject({ data: { error: 'fatal_error' } });
    await expect(post('two')).rejects.toMatchObject({ data: { error: 'internal_error' } });
    expect(texts()).toEqual(['one']);
  });

  it('answer slowly', async () => {
    workspace.faults.add({ kind: 'slow', ms: 60, times: 1 });
    const started = performance.now();
    await post('slow');
    expect(performance.now() - started).toBeGreaterThanOrEqual(59);
  });

  it('hit only the calls that were meant, after those that may pass', async () => {
    workspace.faults.add({
      kind: 'reset',
      method: 'chat.postMessage',
      after: 1,
      when: (args) => args['channel'] === 'C01LEADERS',
    });
    await post('one');
    await post('two', 'C01LEADERS');
    await expect(post('three', 'C01LEADERS')).rejects.toThrow();
    await post('four');
    expect(texts().sort()).toEqual(['four', 'one', 'two']);
    workspace.faults.clear();
    await post('five', 'C01LEADERS');
  });

  it('are an outage, which ends', async () => {
    workspace.outage(true);
    await expect(post('one')).rejects.toBeInstanceOf(WebAPIRequestError);
    workspace.outage(false);
    await post('two');
    expect(texts()).toEqual(['two']);
  });
});

describe('rate limits', () => {
  it('are off at first, but bursts can be seen', async () => {
    for (let n = 0; n < 4; n += 1) await post(`m${n}`);
    await post('elsewhere', 'C01LEADERS');
    expect(workspace.burst('chat.postMessage', { channel: 'C01GENERAL' })).toBe(4);
    now += 1000;
    await post('paced');
    expect(workspace.burst('chat.postMessage', { channel: 'C01GENERAL' })).toBe(4);
    expect(workspace.burst('chat.postMessage', { channel: 'C01LEADERS' })).toBe(1);
  });

  it('hold one message a second and channel, with a short burst, other channels free', async () => {
    workspace.limits.mode = 'real';
    await post('one');
    await post('two');
    await expect(post('three')).rejects.toMatchObject({ retryAfter: 1 });
    await post('elsewhere', 'C01LEADERS');
    now += 1000;
    await post('four');
    await expect(post('five')).rejects.toBeInstanceOf(WebAPIRateLimitedError);
  });

  it('hold the tier of each method by the minute', async () => {
    workspace.limits.mode = 'real';
    for (let n = 0; n < 20; n += 1) await client.conversations.create({ name: `c-${n}` });
    await expect(client.conversations.create({ name: 'c-20' })).rejects.toMatchObject({ retryAfter: 60 });
    await client.conversations.info({ channel: 'C01GENERAL' });
    now += 60_000;
    await client.conversations.create({ name: 'c-20' });
  });
});
