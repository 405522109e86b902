import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPagerDuty } from '../../src/adapters/pagerduty/create-pagerduty.ts';
import type { PagerDutyOptions } from '../../src/adapters/pagerduty/create-pagerduty.ts';
import type { PagerEvent, PagerPort } from '../../src/ports/pager.ts';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';

const KEY = 'a'.repeat(32);
const DATABASE_KEY = 'b'.repeat(32);
const event: PagerEvent = {
  action: 'trigger',
  dedup_key: 'INC-1:page:on-call:1',
  role: 'on-call',
  summary: 'P0 Primary site lost power',
  source: 'erlmcp',
  severity: 'critical',
  details: { incident: 'INC-1', services: ['auth'] },
};
const send = (pager: PagerPort, change: Partial<PagerEvent> = {}) => pager.send({ ...event, ...change });

describe('the pager port on PagerDuty', () => {
  let pd: PagerDutyStandIn;
  let pager: PagerPort;
  const make = (change: Partial<PagerDutyOptions> = {}): PagerPort =>
    createPagerDuty({
      ...{ eventsUrl: pd.eventsUrl, apiUrl: pd.apiUrl, routingKey: KEY, routingKeys: { database: DATABASE_KEY } },
      ...{ apiToken: pd.apiToken, from: 'ana@example.com', timeoutMs: 400, ...change },
    });

  beforeAll(async () => {
    const schedules = [{ id: 'PSCHED1', name: 'Primary', users: ['PANA001', 'PBEN001'] }];
    pd = await startPagerDutyStandIn({ routingKeys: [KEY, DATABASE_KEY], schedules });
    pager = make();
  });
  afterEach(async () => {
    await pd.pager.endOutage();
    pd.pager.reset();
  });
  afterAll(() => pd.close());

  describe('send', () => {
    it('opens one alert with everything that was said', async () => {
      expect(await send(pager)).toEqual({ kind: 'done', value: undefined });
      expect(pd.pager.alerts()).toHaveLength(1);
      expect(pd.pager.alert(event.dedup_key)).toMatchObject({
        ...{ status: 'triggered', routing_key: KEY, summary: event.summary, source: 'erlmcp', severity: 'critical' },
        ...{ details: event.details, assignees: ['PANA001'] },
      });
    });

    it('notifies once when the same event is sent again while its alert is open', async () => {
      await send(pager);
      await pd.pager.acknowledge(event.dedup_key);
      expect((await send(pager)).kind).toBe('done');
      expect(pd.pager.alerts()).toHaveLength(1);
      expect(pd.pager.notifications(event.dedup_key)).toBe(1);
    });

    it('acknowledges and resolves by the same key', async () => {
      await send(pager);
      expect((await send(pager, { action: 'acknowledge' })).kind).toBe('done');
      expect(pd.pager.alert(event.dedup_key)?.status).toBe('acknowledged');
      expect((await send(pager, { action: 'resolve' })).kind).toBe('done');
      expect(pd.pager.alert(event.dedup_key)?.status).toBe('resolved');
    });

    it('is done, without any alert, when it resolves what was never open', async () => {
      expect((await send(pager, { action: 'resolve' })).kind).toBe('done');
      expect(pd.pager.alerts()).toEqual([]);
    });

    it("uses the role's own routing key, and the common one for a role named like an object's member", async () => {
      await send(pager, { role: 'database', dedup_key: 'k1' });
      await send(pager, { role: 'constructor', dedup_key: 'k2' });
      expect(pd.pager.alert('k1')?.routing_key).toBe(DATABASE_KEY);
      expect(pd.pager.alert('k2')?.routing_key).toBe(KEY);
    });

    it('cuts a summary of more than 1024 characters without splitting one', async () => {
      expect((await send(pager, { summary: `${'x'.repeat(1022)}🚨🚨` })).kind).toBe('done');
      expect(pd.pager.alert(event.dedup_key)?.summary).toBe(`${'x'.repeat(1022)}…`);
    });

    it('keeps the small details when a large one does not fit into 512 KB', async () => {
      const details = { incident: 'INC-1', output: 'ü'.repeat(300_000), note: 'kept' };
      expect((await send(pager, { details })).kind).toBe('done');
      const kept = pd.pager.alert(event.dedup_key)?.details;
      expect(kept).toEqual({ incident: 'INC-1', output: '(left out: 600002 bytes)', note: 'kept' });
    });

    it('sends details that fill 512 KB to the last byte uncut, and cuts one byte more', async () => {
      await send(pager, { details: { output: '' } });
      const bytes = Buffer.byteLength(pd.pager.requests('events')[0]!.body);
      const room = 512 * 1024 - bytes;
      await send(pager, { details: { output: 'x'.repeat(room) } });
      expect(pd.pager.alert(event.dedup_key)?.details).toEqual({ output: 'x'.repeat(room) });
      expect((await send(pager, { details: { output: 'x'.repeat(room + 1) } })).kind).toBe('done');
      expect(pd.pager.alert(event.dedup_key)?.details).toEqual({ output: `(left out: ${room + 3} bytes)` });
    });

    it('sends something even when thousands of details do not fit', async () => {
      const details = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`some-long-detail-name-${n}`, n]));
      expect((await send(pager, { details })).kind).toBe('done');
      expect(pd.pager.alert(event.dedup_key)?.details).toEqual({ left_out: '20000 details, too large for PagerDuty' });
    });

    it.each([
      ['a dedup key of 256 characters', { dedup_key: 'k'.repeat(256) }, /256 characters.*255.*shorten/],
      ['an empty dedup key', { dedup_key: '' }, /dedup key is empty/],
      ['a blank summary', { summary: ' ' }, /summary is empty/],
      ['a blank source', { source: '' }, /source is empty/],
    ])('rejects %s before sending anything', async (_what, change, reason) => {
      expect(await send(pager, change)).toEqual({ kind: 'rejected', reason: expect.stringMatching(reason) });
      expect(pd.pager.requests()).toEqual([]);
    });

    it('takes a dedup key of 255 characters', async () => {
      expect((await send(pager, { dedup_key: 'k'.repeat(255) })).kind).toBe('done');
    });

    it("rejects with PagerDuty's own words when it answers 400, without the routing key", async () => {
      const wrong = 'c'.repeat(31);
      const outcome = await send(make({ routingKey: wrong }));
      expect(outcome).toEqual({ kind: 'rejected', reason: expect.stringContaining("Length of 'routing_key'") });
      const echo = { message: 'Event object is invalid', errors: [`'routing_key' ${KEY} is not known`] };
      pd.pager.fail({ kind: 'status', status: 400, body: echo });
      const echoed = await send(pager);
      expect(echoed).toEqual({ kind: 'rejected', reason: expect.stringContaining('[secret] is not known') });
      expect(JSON.stringify(echoed)).not.toContain(KEY);
    });

    it.each([
      ['no header', {}, 30_000],
      ['Retry-After in seconds', { 'retry-after': '7' }, 7000],
      ['an absurd Retry-After', { 'retry-after': '86400' }, 300_000],
      ['a Retry-After that is no time', { 'retry-after': 'soon' }, 30_000],
    ])('asks for a retry after 429 with %s, and nothing was taken', async (_what, headers, after_ms) => {
      pd.pager.fail({ kind: 'status', status: 429, headers });
      expect(await send(pager)).toMatchObject({ kind: 'retry', after_ms });
      expect(pd.pager.alerts()).toEqual([]);
      expect((await send(pager)).kind).toBe('done');
    });

    it.each([500, 502, 503, 504])('asks for a retry after %i', async (status) => {
      pd.pager.fail({ kind: 'status', status });
      expect(await send(pager)).toMatchObject({ kind: 'retry', reason: expect.stringContaining(String(status)) });
    });

    it('asks for a retry when the connection is refused', async () => {
      await pd.pager.startOutage('refused');
      expect(await send(pager)).toEqual({
        ...{ kind: 'retry', after_ms: 0 },
        reason: 'PagerDuty cannot be reached: ECONNREFUSED',
      });
    });

    it('does not follow a redirect with the routing key', async () => {
      const location = `${pd.apiUrl}/elsewhere`;
      pd.pager.fail({ kind: 'status', status: 307, headers: { location } });
      expect(await send(pager)).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('PAGERDUTY_EVENTS_URL'),
      });
      expect(pd.pager.requests()).toHaveLength(1);
    });

    it.each(['apply_then_hang', 'apply_then_reset'] as const)(
      'says unknown after %s, and repeating it wakes nobody twice',
      async (kind) => {
        pd.pager.fail({ kind });
        expect((await send(pager)).kind).toBe('unknown');
        expect(pd.pager.notifications(event.dedup_key)).toBe(1);
        expect((await send(pager)).kind).toBe('done');
        expect(pd.pager.notifications(event.dedup_key)).toBe(1);
      },
    );

    it.each([{ kind: 'hang', ms: 60_000 } as const, { kind: 'reset' } as const])(
      'says unknown after a $kind without effect, and repeating it pages',
      async (fault) => {
        pd.pager.fail(fault);
        expect((await send(pager)).kind).toBe('unknown');
        expect(pd.pager.alerts()).toEqual([]);
        await send(pager);
        expect(pd.pager.notifications(event.dedup_key)).toBe(1);
      },
    );

    it('gives up at its time-out when the answer is late, though the event arrives later', async () => {
      pd.pager.latency(1000, 'events');
      const started = performance.now();
      expect(await send(pager)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('time-out') });
      expect(performance.now() - started).toBeLessThan(900);
      expect((await pd.pager.waitFor(event.dedup_key)).status).toBe('triggered');
    });

    it('says unknown when something that does not speak HTTP answers', async () => {
      const babbler = await listen(createServer((socket) => socket.resume().end('hello\r\n')));
      const outcome = await send(make({ eventsUrl: `http://127.0.0.1:${babbler.port}/v2` }));
      expect(outcome.kind).toBe('unknown');
      await babbler.close();
    });

    it('opens a hundred alerts at once, one each', async () => {
      const keys = Array.from({ length: 100 }, (_, n) => `many-${n}`);
      const patient = make({ timeoutMs: 5000 }); // as in the product: a crowd takes its time on a busy machine
      const outcomes = await Promise.all(
        [...keys, ...keys.slice(0, 10)].map((dedup_key) => send(patient, { dedup_key })),
      );
      expect(outcomes.filter(({ kind }) => kind !== 'done')).toEqual([]);
      expect(
        pd.pager
          .alerts()
          .map(({ dedup_key }) => dedup_key)
          .sort(),
      ).toEqual(keys.sort());
    });
  });
});

async function listen(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
