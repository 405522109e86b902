import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { clock } from '@lifeboat/stand-ins/pagerduty/types';
import { enqueue, KEY, payload, rest, trigger } from './pagerduty-calls.ts';

let pd: PagerDutyStandIn;

beforeEach(async () => {
  pd = await startPagerDutyStandIn({ routingKeys: [KEY], eventsPerMinute: 20, restPerMinute: 30, webhookRetryMs: 10 });
});
afterEach(() => pd.close());

describe('the stand-in for Events API v2', () => {
  it('accepts a trigger with 202 and makes up a dedup key when there is none', async () => {
    expect(await enqueue(pd, trigger)).toEqual({
      ...{ status: 202, body: { status: 'success', message: 'Event processed', dedup_key: 'k1' } },
    });
    const { body } = await enqueue(pd, { ...trigger, dedup_key: undefined });
    expect(pd.pager.alert(String(body.dedup_key))?.status).toBe('triggered');
  });

  it.each([
    ['no JSON', '{', 'JSON parse error'],
    ['a list', [], 'JSON parse error'],
    ['no routing key', { ...trigger, routing_key: undefined }, `'routing_key' is missing or blank`],
    ['a short routing key', { ...trigger, routing_key: 'abc' }, 'should be 32 characters'],
    ['a strange routing key', { ...trigger, routing_key: '!'.repeat(32) }, 'non-alphanumeric'],
    ['an unknown routing key', { ...trigger, routing_key: 'z'.repeat(32) }, 'Invalid routing key'],
    ['an unknown action', { ...trigger, event_action: 'page' }, `'event_action' must be one of`],
    ['a long dedup key', { ...trigger, dedup_key: 'k'.repeat(256) }, 'maximum is 255'],
    ['no payload', { ...trigger, payload: undefined }, `'payload' is missing`],
    ['no summary', { ...trigger, payload: { ...payload, summary: '' } }, `'payload.summary' is missing`],
    ['a long summary', { ...trigger, payload: { ...payload, summary: 'x'.repeat(1025) } }, 'maximum is 1024'],
    ['no source', { ...trigger, payload: { ...payload, source: undefined } }, `'payload.source' is missing`],
    [
      'a strange severity',
      { ...trigger, payload: { ...payload, severity: 'P0' } },
      `'payload.severity' must be one of`,
    ],
    ['details as text', { ...trigger, payload: { ...payload, custom_details: 'x' } }, 'must be an object'],
    ['an acknowledge without key', { routing_key: KEY, event_action: 'acknowledge' }, `'dedup_key' is missing`],
  ])('answers 400 to %s', async (_what, event, words) => {
    const { status, body } = await enqueue(pd, event);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(words)]);
    expect(pd.pager.alerts()).toEqual([]);
  });

  it('lists every mistake of an event at once', async () => {
    const { body } = await enqueue(pd, { routing_key: 'x', event_action: 'trigger', payload: {} });
    expect(body.errors).toHaveLength(4);
  });

  it('answers 413 to more than 512 KB', async () => {
    expect((await enqueue(pd, { ...trigger, client: 'x'.repeat(512 * 1024) })).status).toBe(413);
  });

  it('only logs a trigger whose key is open, and opens a new alert after a resolve', async () => {
    await enqueue(pd, trigger);
    await enqueue(pd, { ...trigger, payload: { ...payload, summary: 'still down' } });
    expect(pd.pager.alerts()).toMatchObject([{ summary: 'still down' }]);
    expect(pd.pager.notifications('k1')).toBe(1);
    await enqueue(pd, { ...trigger, event_action: 'resolve', payload: undefined });
    await enqueue(pd, trigger);
    expect(pd.pager.alerts().map(({ status }) => status)).toEqual(['resolved', 'triggered']);
    expect(pd.pager.notifications('k1')).toBe(2);
  });

  it('drops acknowledge and resolve for a key without an open alert', async () => {
    for (const event_action of ['acknowledge', 'resolve']) {
      expect((await enqueue(pd, { routing_key: KEY, event_action, dedup_key: 'none' })).status).toBe(202);
    }
    await enqueue(pd, trigger);
    await enqueue(pd, { ...trigger, event_action: 'resolve' });
    await enqueue(pd, { ...trigger, event_action: 'acknowledge' });
    expect(pd.pager.alerts()).toMatchObject([{ status: 'resolved' }]);
  });

  it('answers 429 beyond the pace of a routing key, and takes nothing then', async () => {
    const statuses = [];
    for (let n = 0; n < 22; n += 1) statuses.push((await enqueue(pd, { ...trigger, dedup_key: `n${n}` })).status);
    expect(statuses.slice(18)).toEqual([202, 202, 429, 429]);
    expect(pd.pager.alerts()).toHaveLength(20);
  });

  it('keeps the same key of two routing keys apart', async () => {
    const other = await startPagerDutyStandIn({ routingKeys: [KEY, 'b'.repeat(32)] });
    for (const routing_key of other.routingKeys) {
      await fetch(`${other.eventsUrl}/enqueue`, { method: 'POST', body: JSON.stringify({ ...trigger, routing_key }) });
    }
    expect(other.pager.alerts()).toHaveLength(2);
    await other.close();
  });

  it('knows when each request arrived to a fraction of a millisecond', async () => {
    const before = clock();
    await enqueue(pd, trigger);
    const [request] = pd.pager.requests('events');
    expect(request?.arrived_at).toBeGreaterThan(before);
    expect(request?.arrived_at).toBeLessThan(clock());
    expect(request).toMatchObject({ method: 'POST', path: '/v2/enqueue', status: 202 });
  });
});

describe('the stand-in for REST v2', () => {
  it('answers 401 without the token, and takes it as Token or Bearer', async () => {
    expect(await rest(pd, '/users', { token: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: { code: 2006 } },
    });
    expect((await rest(pd, '/users')).status).toBe(200);
    expect((await rest(pd, '/users', { headers: { authorization: `Bearer ${pd.apiToken}` } })).status).toBe(200);
  });

  it('answers 404 in its error shape to what is not there', async () => {
    for (const path of ['/users/PNONE', '/incidents/QNONE', '/incidents/QNONE/notes', '/nothing']) {
      expect(await rest(pd, path)).toMatchObject({
        status: 404,
        body: { error: { message: 'Not Found', code: 2100 } },
      });
    }
  });

  it('answers 429 with code 2020 and the ratelimit headers beyond its pace', async () => {
    for (let n = 0; n < 30; n += 1) await rest(pd, '/abilities');
    const answer = await rest(pd, '/abilities');
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 2020 } } });
    expect(Number(answer.headers.get('ratelimit-reset'))).toBeGreaterThan(50);
    expect(answer.headers.get('ratelimit-remaining')).toBe('0');
  });

  it('finds users by id and words, abilities by name, on-calls by schedule', async () => {
    expect((await rest(pd, '/users/PBEN001')).body.user).toMatchObject({ email: 'ben@example.com', name: 'Ben Okoro' });
    expect((await rest(pd, '/users?query=ana')).list).toMatchObject([{ id: 'PANA001' }]);
    expect((await rest(pd, '/abilities/teams')).status).toBe(204);
    expect((await rest(pd, '/abilities/coordinated_responding')).status).toBe(402);
    const short = (await rest(pd, '/oncalls?schedule_ids[]=PSCHED1')).list;
    expect(short).toMatchObject([{ escalation_level: 1, user: { id: 'PANA001', type: 'user_reference' } }]);
    expect(short[0]?.user).not.toHaveProperty('email');
    expect((await rest(pd, '/oncalls?include[]=users')).list).toMatchObject([{ user: { email: 'ana@example.com' } }]);
    pd.pager.setOnCall('PSCHED1', ['PBEN001']);
    expect((await rest(pd, '/oncalls?schedule_ids[]=PSCHED1')).list).toMatchObject([{ user: { id: 'PBEN001' } }]);
  });

  it('pages through lists, at most to the 10,000th', async () => {
    for (let n = 0; n < 5; n += 1) await enqueue(pd, { ...trigger, dedup_key: `n${n}` });
    const first = (await rest(pd, '/incidents?limit=2&total=true')).body;
    expect(first).toMatchObject({ limit: 2, offset: 0, more: true, total: 5 });
    const last = (await rest(pd, '/incidents?limit=2&offset=4')).body;
    expect(last).toMatchObject({ more: false, total: null, incidents: [{ incident_key: 'n4' }] });
    expect((await rest(pd, '/incidents?limit=100&offset=9901')).status).toBe(400);
  });

  it('finds incidents by key and status and shows their log', async () => {
    await enqueue(pd, trigger);
    await enqueue(pd, { ...trigger, dedup_key: 'k2' });
    const found = (await rest(pd, '/incidents?incident_key=k2&statuses[]=triggered')).list;
    expect(found).toMatchObject([{ incident_key: 'k2', status: 'triggered', type: 'incident' }]);
    expect((await rest(pd, '/incidents?incident_key=k2&statuses[]=resolved')).list).toEqual([]);
    const path = `/incidents/${String(found[0]?.id)}`;
    expect((await rest(pd, path)).body.incident).toMatchObject({ title: 'down' });
    const types = (await rest(pd, `${path}/log_entries`)).list.map(({ type }) => type);
    expect(types).toEqual(['notify_log_entry', 'trigger_log_entry']);
    expect((await rest(pd, '/log_entries')).list).toHaveLength(4);
  });

  it('takes a note only from a user it knows, and the same note twice', async () => {
    await enqueue(pd, trigger);
    const path = `/incidents/${pd.pager.alert('k1')?.id ?? ''}/notes`;
    const post = (headers: Record<string, string>, content = 'hello') =>
      rest(pd, path, { json: { note: { content } }, headers });
    expect(await post({})).toMatchObject({
      status: 400,
      body: { error: { code: 2001, errors: ['From header is required'] } },
    });
    expect((await post({ from: 'zoe@example.com' })).status).toBe(400);
    expect((await post({ from: 'ana@example.com' }, ' ')).status).toBe(400);
    expect((await post({ from: 'ana@example.com' })).status).toBe(200);
    expect((await post({ from: 'ana@example.com' })).status).toBe(200);
    expect((await rest(pd, path)).list.map(({ content }) => content)).toEqual(['hello', 'hello']);
  });
});
