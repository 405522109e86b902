import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPagerDuty } from '../../src/adapters/pagerduty/create-pagerduty.ts';
import type { PagerDutyOptions } from '../../src/adapters/pagerduty/create-pagerduty.ts';
import type { PagerEvent, PagerPort } from '../../src/ports/pager.ts';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';

const KEY = 'a'.repeat(32);
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

describe('on-call and notes of the pager port on PagerDuty', () => {
  let pd: PagerDutyStandIn;
  let pager: PagerPort;
  const make = (change: Partial<PagerDutyOptions> = {}): PagerPort =>
    createPagerDuty({
      ...{ eventsUrl: pd.eventsUrl, apiUrl: pd.apiUrl, routingKey: KEY },
      ...{ apiToken: pd.apiToken, from: 'ana@example.com', timeoutMs: 400, ...change },
    });

  beforeAll(async () => {
    const schedules = [{ id: 'PSCHED1', name: 'Primary', users: ['PANA001', 'PBEN001'] }];
    pd = await startPagerDutyStandIn({ routingKeys: [KEY], schedules });
    pager = make();
  });
  afterEach(async () => {
    await pd.pager.endOutage();
    pd.pager.reset();
  });
  afterAll(() => pd.close());

  describe('onCall', () => {
    it('names the people of the schedule with their e-mail, first level first', async () => {
      expect(await make().onCall('PSCHED1')).toEqual({
        kind: 'done',
        value: [
          { pagerduty: 'PANA001', name: 'Ana Ito', email: 'ana@example.com' },
          { pagerduty: 'PBEN001', name: 'Ben Okoro', email: 'ben@example.com' },
        ],
      });
    });

    it('says until when, where the pager names an end', async () => {
      pd.pager.setOnCall('PSCHED1', ['PANA001'], '2026-12-01T08:00:00Z');
      try {
        expect(await make().onCall('PSCHED1')).toMatchObject({ value: [{ until: new Date('2026-12-01T08:00:00Z') }] });
      } finally {
        pd.pager.setOnCall('PSCHED1', ['PANA001', 'PBEN001']);
      }
    });

    it('answers nobody for a schedule without people', async () => {
      expect(await make().onCall('PNOBODY')).toEqual({ kind: 'done', value: [] });
    });

    it('asks PagerDuty once for many questions at one time', async () => {
      const fresh = make();
      await Promise.all([fresh.onCall('PSCHED1'), fresh.onCall('PSCHED1'), fresh.onCall('PSCHED1')]);
      expect(pd.pager.requests('rest')).toHaveLength(1);
    });

    it('gives an answer that a caller can change without spoiling the next one', async () => {
      const fresh = make();
      for (let n = 0; n < 3; n += 1) {
        const answers = await Promise.all([fresh.onCall('PSCHED1'), fresh.onCall('PSCHED1')]);
        for (const answer of answers) {
          expect(answer).toMatchObject({ kind: 'done', value: [{ name: 'Ana Ito' }, { name: 'Ben Okoro' }] });
          if (answer.kind === 'done') answer.value.length = 0;
        }
      }
    });

    it('keeps an answer for 30 seconds', async () => {
      let now = 0;
      const fresh = make({ now: () => now });
      const asked = async (): Promise<number> => {
        await fresh.onCall('PSCHED1');
        return pd.pager.requests('rest').length;
      };
      expect(await asked()).toBe(1);
      now = 29_999;
      expect(await asked()).toBe(1);
      now = 30_000;
      expect(await asked()).toBe(2);
    });

    it('keeps no connection open, so that a stale one cannot make a note unknown', async () => {
      await make().onCall('PSCHED1');
      expect(pd.pager.requests('rest')[0]?.headers.connection).toBe('close');
    });

    it('keeps no failure: the next question is asked again', async () => {
      const fresh = make();
      pd.pager.fail({ kind: 'status', status: 500 });
      expect((await fresh.onCall('PSCHED1')).kind).toBe('retry');
      expect((await fresh.onCall('PSCHED1')).kind).toBe('done');
    });

    it.each([
      ['with ratelimit-reset', { 'ratelimit-reset': '20' }, 20_000],
      ['without headers and body', {}, 30_000],
    ])('asks for a retry after 429 %s', async (_what, headers, after_ms) => {
      pd.pager.fail({ kind: 'status', status: 429, headers });
      expect(await make().onCall('PSCHED1')).toMatchObject({ kind: 'retry', after_ms });
    });

    it.each([{ kind: 'hang', ms: 60_000 } as const, { kind: 'reset' } as const])(
      'asks for a retry after a $kind, since asking changes nothing',
      async (fault) => {
        pd.pager.fail(fault);
        expect((await make().onCall('PSCHED1')).kind).toBe('retry');
      },
    );

    it('asks for a retry when the connection is refused', async () => {
      await pd.pager.startOutage('refused');
      expect(await make().onCall('PSCHED1')).toMatchObject({
        kind: 'retry',
        reason: expect.stringContaining('ECONNREFUSED'),
      });
    });

    it('rejects with the fix when the token is wrong or absent, and never shows it', async () => {
      const wrong = await make({ apiToken: 'wrong-token-123' }).onCall('PSCHED1');
      expect(wrong).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('PAGERDUTY_API_TOKEN') });
      expect(JSON.stringify(wrong)).not.toContain('wrong-token');
      const none = createPagerDuty({ eventsUrl: pd.eventsUrl, apiUrl: pd.apiUrl, routingKey: KEY });
      expect(await none.onCall('PSCHED1')).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('set PAGERDUTY_API_TOKEN'),
      });
      expect((await send(none)).kind).toBe('done');
    });

    it('does not follow a redirect with the token', async () => {
      const stranger = await listen(createServer(() => expect.unreachable('the stranger was called')));
      pd.pager.fail({ kind: 'status', status: 302, headers: { location: `http://127.0.0.1:${stranger.port}/` } });
      expect((await make().onCall('PSCHED1')).kind).toBe('rejected');
      await stranger.close();
    });

    it('rejects an answer in a form it does not know', async () => {
      pd.pager.fail({ kind: 'status', status: 200, body: { oncalls: 'nobody' } });
      expect((await make().onCall('PSCHED1')).kind).toBe('rejected');
    });
  });

  describe('assign', () => {
    it('gives the page to one user, and repeating it changes nobody', async () => {
      await send(pager);
      expect(pd.pager.alert(event.dedup_key)?.assignees).toEqual(['PANA001']);
      for (let n = 0; n < 2; n += 1) expect((await pager.assign(event.dedup_key, 'PBEN001')).kind).toBe('done');
      expect(pd.pager.alert(event.dedup_key)?.assignees).toEqual(['PBEN001']);
      expect(pd.pager.notifications(event.dedup_key)).toBe(2); // Ana, then Ben once
    });

    it('waits for the incident, and refuses a user whom PagerDuty does not know', async () => {
      expect(await pager.assign('no-such-key', 'PBEN001')).toMatchObject({ kind: 'retry' });
      await send(pager);
      expect(await pager.assign(event.dedup_key, 'PNOBODY')).toMatchObject({
        ...{ kind: 'rejected', reason: expect.stringContaining('Assignee not found') },
      });
    });

    it('is not done by an answer that names somebody else, and not asked without token and author', async () => {
      await send(pager);
      pd.pager.fail({ kind: 'status', status: 200, method: 'PUT', body: { incident: { assignments: [] } } });
      expect((await pager.assign(event.dedup_key, 'PBEN001')).kind).toBe('rejected');
      const bare = createPagerDuty({ eventsUrl: pd.eventsUrl, apiUrl: pd.apiUrl, routingKey: KEY });
      expect([bare.assigns, (await bare.assign(event.dedup_key, 'PBEN001')).kind]).toEqual([false, 'rejected']);
    });
  });

  describe('note', () => {
    it("adds the note in the configured person's name", async () => {
      await send(pager);
      expect(await pager.note(event.dedup_key, 'Recovery started')).toEqual({ kind: 'done', value: undefined });
      expect(pd.pager.alert(event.dedup_key)?.notes).toMatchObject([{ content: 'Recovery started', user: 'PANA001' }]);
    });

    it('adds the same text once, also when it is asked for ten times at once', async () => {
      await send(pager);
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => pager.note(event.dedup_key, 'once\n')));
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'done'));
      await make().note(event.dedup_key, 'once');
      await pager.note(event.dedup_key, 'another');
      expect(pd.pager.alert(event.dedup_key)?.notes.map(({ content }) => content.trim())).toEqual(['once', 'another']);
    });

    it.each(['apply_then_hang', 'apply_then_reset'] as const)(
      'says unknown after %s, and repeating it finds the note',
      async (kind) => {
        await send(pager);
        pd.pager.fail({ kind, method: 'POST', api: 'rest' });
        expect((await pager.note(event.dedup_key, 'Site is back')).kind).toBe('unknown');
        expect((await pager.note(event.dedup_key, 'Site is back')).kind).toBe('done');
        expect(pd.pager.alert(event.dedup_key)?.notes).toHaveLength(1);
      },
    );

    it('says unknown after a 500 to the writing call, and retry after one to a reading call', async () => {
      await send(pager);
      pd.pager.fail({ kind: 'status', status: 500, method: 'POST', api: 'rest' });
      expect((await pager.note(event.dedup_key, 'x')).kind).toBe('unknown');
      pd.pager.fail({ kind: 'status', status: 500, path: /notes/ });
      expect((await pager.note(event.dedup_key, 'x')).kind).toBe('retry');
    });

    it('writes to the open incident when the key has a resolved one too', async () => {
      await send(pager);
      await send(pager, { action: 'resolve' });
      await send(pager);
      await pager.note(event.dedup_key, 'to the open one');
      expect(pd.pager.alerts().map(({ notes }) => notes.length)).toEqual([0, 1]);
    });

    it('asks for a retry while PagerDuty has no incident for the key', async () => {
      expect(await pager.note('no-such-key', 'x')).toMatchObject({ kind: 'retry', after_ms: 5000 });
    });

    it('rejects with the fix without a token, without an author and with one that PagerDuty does not know', async () => {
      await send(pager);
      const { eventsUrl, apiUrl, apiToken } = pd;
      const noToken = createPagerDuty({ eventsUrl, apiUrl, routingKey: KEY, from: 'ana@example.com' });
      const noFrom = createPagerDuty({ eventsUrl, apiUrl, routingKey: KEY, apiToken });
      expect(await noToken.note(event.dedup_key, 'x')).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('set PAGERDUTY_API_TOKEN'),
      });
      expect(await noFrom.note(event.dedup_key, 'x')).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('set PAGERDUTY_FROM'),
      });
      const stranger = make({ from: 'zoe@example.com' });
      expect(await stranger.note(event.dedup_key, 'x')).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('Requester User Not Found'),
      });
    });
  });
});

async function listen(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
