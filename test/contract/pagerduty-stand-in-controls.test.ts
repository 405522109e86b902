import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { verifyPagerDutySignature } from '../../src/web/pagerduty-signature.ts';
import { waitFor } from '../support/wait-for.ts';
import { enqueue, KEY, rest, trigger } from './pagerduty-calls.ts';

interface WebhookEvent {
  id: string;
  event_type: string;
  resource_type: string;
  agent: { id: string; type: string };
  data: Record<string, unknown>;
}
let pd: PagerDutyStandIn;

beforeEach(async () => {
  pd = await startPagerDutyStandIn({ routingKeys: [KEY], eventsPerMinute: 20, restPerMinute: 30, webhookRetryMs: 10 });
});
afterEach(() => pd.close());

describe('the webhooks of the stand-in', () => {
  const received: { headers: IncomingHttpHeaders; raw: string; event: WebhookEvent }[] = [];
  let answers: number[];
  let receiver: Server;

  beforeEach(async () => {
    received.length = 0;
    answers = [];
    receiver = createServer((req, res) => {
      let raw = '';
      req.on('data', (chunk: Buffer) => (raw += chunk.toString()));
      req.on('end', () => {
        received.push({ headers: req.headers, raw, event: JSON.parse(raw).event });
        res.writeHead(answers.shift() ?? 202).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    pd.pager.subscribe(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/pagerduty`);
  });
  afterEach(async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  const genuine = ({ headers, raw }: (typeof received)[number], secrets = pd.pager.webhookSecrets): boolean =>
    verifyPagerDutySignature(raw, String(headers['x-pagerduty-signature']), secrets);
  const types = (): string[] => received.map(({ event }) => event.event_type);

  it('tell of a button with a signature, the incident and the person', async () => {
    await enqueue(pd, trigger);
    const delivery = await pd.pager.acknowledge('k1', { by: 'ben@example.com' });
    expect(delivery).toMatchObject({ state: 'delivered', attempts: [202], type: 'incident.acknowledged' });
    expect(types()).toEqual(['incident.triggered', 'incident.acknowledged']);
    const last = received[1]!;
    expect(genuine(last)).toBe(true);
    expect(last.headers['x-webhook-id']).toBe(delivery?.webhook_id);
    expect(last.event).toMatchObject({
      ...{ resource_type: 'incident', agent: { id: 'PBEN001', type: 'user_reference', summary: 'Ben Okoro' } },
      data: { type: 'incident', incident_key: 'k1', status: 'acknowledged' },
    });
    expect(last.raw).not.toContain(KEY);
  });

  it('tell of events too, with the integration as agent', async () => {
    await enqueue(pd, trigger);
    await enqueue(pd, { ...trigger, event_action: 'resolve' });
    await waitFor('two webhooks', () => received.length === 2);
    expect(types()).toEqual(['incident.triggered', 'incident.resolved']);
    expect(received[1]?.event.agent.type).toBe('events_api_v2_inbound_integration_reference');
  });

  it('cover every button in order', async () => {
    await enqueue(pd, trigger);
    await pd.pager.acknowledge('k1');
    await pd.pager.unacknowledge('k1');
    await pd.pager.escalate('k1', 'PBEN001');
    await pd.pager.reassign('k1', 'PANA001');
    await pd.pager.annotate('k1', 'on it');
    await pd.pager.resolve('k1');
    await pd.pager.reopen('k1');
    expect(types().map((type) => type.replace('incident.', ''))).toEqual(
      'triggered acknowledged unacknowledged escalated reassigned annotated resolved reopened'.split(' '),
    );
    expect(received[5]?.event.data).toMatchObject({ type: 'incident_note', content: 'on it' });
  });

  it('send nothing when a button changes nothing', async () => {
    await enqueue(pd, trigger);
    await pd.pager.resolve('k1');
    expect(await pd.pager.resolve('k1')).toBeUndefined();
    expect(await pd.pager.acknowledge('k1')).toBeUndefined();
    expect(received).toHaveLength(2);
    await expect(pd.pager.acknowledge('k9')).rejects.toThrow('no alert k9');
  });

  it('are tried again after 500 and 429 with the same id, later ones of the incident wait behind', async () => {
    answers = [500, 429];
    await enqueue(pd, trigger);
    await pd.pager.acknowledge('k1');
    expect(types()).toEqual([...Array<string>(3).fill('incident.triggered'), 'incident.acknowledged']);
    expect(new Set(received.slice(0, 3).map(({ headers }) => headers['x-webhook-id'])).size).toBe(1);
    expect(pd.pager.deliveries()[0]?.attempts).toEqual([500, 429, 202]);
  });

  it('are dropped after a 400; three drops in a row switch the subscription off', async () => {
    answers = [400, 401, 404];
    await enqueue(pd, trigger);
    await pd.pager.acknowledge('k1');
    expect(await pd.pager.resolve('k1')).toMatchObject({ state: 'dropped', attempts: [404] });
    expect(await pd.pager.reopen('k1')).toBeUndefined();
    expect(received).toHaveLength(3);
  });

  it('can be redelivered unchanged, and forged with a signature that does not fit', async () => {
    await enqueue(pd, trigger);
    const delivery = await pd.pager.acknowledge('k1');
    expect(await pd.pager.redeliver(delivery!)).toBe(202);
    expect(received[2]).toMatchObject({ raw: received[1]!.raw, event: { id: delivery?.event_id } });
    expect(received[2]?.headers['x-webhook-id']).toBe(received[1]?.headers['x-webhook-id']);
    await pd.pager.forge(delivery!.body);
    expect(received.map((one) => genuine(one))).toEqual([true, true, true, false]);
  });

  it('carry a signature for each secret during a rotation', async () => {
    pd.pager.webhookSecrets = [pd.webhookSecret, 'the-next-secret'];
    await enqueue(pd, trigger);
    await waitFor('the webhook', () => received.length === 1);
    expect(genuine(received[0]!, [pd.webhookSecret])).toBe(true);
    expect(genuine(received[0]!, ['the-next-secret'])).toBe(true);
    expect(genuine(received[0]!, ['neither'])).toBe(false);
  });
});

describe('the controls of the stand-in', () => {
  it('wait for an alert that is there, comes later or never comes', async () => {
    const later = pd.pager.waitFor(({ status }) => status === 'acknowledged');
    await enqueue(pd, trigger);
    expect((await pd.pager.waitFor('k1')).summary).toBe('down');
    await pd.pager.acknowledge('k1');
    expect((await later).dedup_key).toBe('k1');
    await expect(pd.pager.waitFor('k2', { timeout: 20 })).rejects.toThrow(
      'no alert k2 within 20 ms; there are: k1 (acknowledged)',
    );
  });

  it('tell listeners of requests, alerts and outages as they happen', async () => {
    const seen: string[] = [];
    pd.pager.on('request', ({ path }) => seen.push(path));
    pd.pager.on('alert', ({ dedup_key, status }) => seen.push(`${dedup_key} ${status}`));
    pd.pager.on('outage', (how) => seen.push(how));
    await enqueue(pd, trigger);
    await pd.pager.startOutage('unavailable');
    expect(seen).toEqual(['/v2/enqueue', 'k1 triggered', 'unavailable']);
  });

  it('refuse connections or answer 503 during an outage, and are back on the same port after it', async () => {
    await pd.pager.startOutage('refused');
    await expect(enqueue(pd, trigger)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await pd.pager.endOutage();
    await pd.pager.startOutage('unavailable');
    expect((await enqueue(pd, trigger)).status).toBe(503);
    await pd.pager.endOutage();
    expect((await enqueue(pd, trigger)).status).toBe(202);
    expect(pd.pager.alerts()).toHaveLength(1);
  });

  it('hit as many requests as a fault says, and only those it fits', async () => {
    pd.pager.fail({ kind: 'status', status: 500, times: 2, api: 'events' });
    expect((await rest(pd, '/abilities')).status).toBe(200);
    pd.pager.fail({ kind: 'status', status: 418, path: /^\/users\// });
    expect((await rest(pd, '/users')).status).toBe(200);
    expect((await rest(pd, '/users/PANA001')).status).toBe(418);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await enqueue(pd, trigger).catch(() => ({ status: 500 }))).status);
    expect(statuses).toEqual([500, 500, 202]);
  });

  it('take back a snapshot, and forget everything but people and keys on reset', async () => {
    await enqueue(pd, trigger);
    const kept = pd.pager.snapshot();
    await pd.pager.resolve('k1');
    pd.pager.restore(JSON.parse(JSON.stringify(kept)) as typeof kept);
    expect(pd.pager.alert('k1')?.status).toBe('triggered');
    pd.pager.reset();
    expect([pd.pager.alerts(), pd.pager.requests(), pd.pager.deliveries()]).toEqual([[], [], []]);
    expect((await enqueue(pd, trigger)).status).toBe(202);
  });

  it('close at once, also while a request hangs and a webhook is retried', async () => {
    pd.pager.subscribe('http://127.0.0.1:1/nobody');
    await enqueue(pd, trigger);
    pd.pager.fail({ kind: 'hang', ms: 600_000 });
    const hanging = enqueue(pd, trigger).catch(() => 'cut');
    await waitFor('the request', () => pd.pager.requests().length === 2);
    const started = performance.now();
    await pd.close();
    expect(await hanging).toBe('cut');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
