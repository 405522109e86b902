import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account.ts';
import { incidentBody, incidentReference, iso, reference } from './resources.ts';
import type { Agent, Alert, WebhookType } from './types.ts';

export interface Delivery {
  /** The X-Webhook-Id: the same for each attempt and each redelivery. */
  webhook_id: string;
  event_id: string;
  type: WebhookType;
  dedup_key: string;
  body: string;
  state: 'waiting' | 'delivered' | 'dropped';
  /** The HTTP status of each attempt; 0 when there was no answer. */
  attempts: number[];
}

export interface WebhookOptions {
  /** Without one, no webhook is sent. */
  url?: string | undefined;
  secrets: string[];
  /** Milliseconds between two attempts, doubled each time up to 5 s. */
  retry_ms: number;
}

/** PagerDuty: a receiver has 5 s to answer 2xx. */
const ANSWER_MS = 5000;
const LONGEST_RETRY_MS = 5000;
/** PagerDuty switches a subscription off after 3 drops in a row. */
const DROPS_TO_SWITCH_OFF = 3;

/** One webhook subscription: at least once, in order per incident, with retries, switched off after drops. */
export class Webhooks {
  readonly options: WebhookOptions;
  readonly deliveries: Delivery[] = [];
  enabled = true;
  private drops = 0;
  private readonly lines = new Map<string, Promise<unknown>>();
  private closing = new AbortController();
  private readonly changed: (delivery: Delivery) => void;

  constructor(options: WebhookOptions, changed: (delivery: Delivery) => void) {
    this.options = options;
    this.changed = changed;
  }

  /** Queues the event; resolves when it was delivered or dropped. Undefined without a subscription that works. */
  async send(account: Account, alert: Alert, type: WebhookType, agent: Agent): Promise<Delivery | undefined> {
    if (this.options.url === undefined || !this.enabled) return undefined;
    const event_id = randomUUID();
    const body = JSON.stringify(eventBody(account, alert, type, agent, event_id));
    const delivery: Delivery = {
      ...{ webhook_id: randomUUID(), event_id, type, dedup_key: alert.dedup_key, body, state: 'waiting', attempts: [] },
    };
    await this.queue(delivery);
    return delivery;
  }

  /** What is not through yet, oldest first. */
  waiting(): Delivery[] {
    return this.deliveries.filter(({ state }) => state === 'waiting');
  }

  /** Queues again what a stop left waiting. */
  resume(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) void this.queue({ ...delivery, attempts: [...delivery.attempts] });
  }

  private async queue(delivery: Delivery): Promise<void> {
    this.deliveries.push(delivery);
    this.changed(delivery);
    const before = this.lines.get(delivery.dedup_key) ?? Promise.resolve();
    const mine = before.then(() => this.deliver(delivery, this.closing.signal));
    this.lines.set(delivery.dedup_key, mine);
    await mine;
  }

  /** Sends the body once; returns the HTTP status, or 0 without an answer. Signed by the subscription unless `secrets` are given. */
  async post(body: string, webhook_id: string, secrets = this.options.secrets): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-webhook-id': webhook_id,
      'x-webhook-subscription': 'PWEBHK1',
      'x-pagerduty-signature': secrets.map((secret) => signature(body, secret)).join(','),
    };
    // Node 20 forgets AbortSignal.timeout below AbortSignal.any: an answer that never came was then waited for without end.
    const limit = new AbortController();
    const end = (): void => limit.abort();
    const timer = setTimeout(end, ANSWER_MS);
    this.closing.signal.addEventListener('abort', end, { once: true });
    try {
      const { signal } = limit;
      const answer = await fetch(this.options.url ?? '', { method: 'POST', headers, body, signal, redirect: 'manual' });
      await answer.body?.cancel();
      return answer.status;
    } catch {
      return 0;
    } finally {
      clearTimeout(timer);
      this.closing.signal.removeEventListener('abort', end);
    }
  }

  /** Gives up what waits and forgets what was sent. */
  clear(): void {
    this.closing.abort();
    this.closing = new AbortController();
    this.deliveries.length = 0;
    this.lines.clear();
    this.enabled = true;
    this.drops = 0;
  }

  /** Stops for good; resolves when no attempt is under way. */
  async close(): Promise<void> {
    this.enabled = false;
    this.closing.abort();
    await Promise.allSettled(this.lines.values());
  }

  private async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    let pause = this.options.retry_ms;
    while (this.enabled && !signal.aborted) {
      const status = await this.post(delivery.body, delivery.webhook_id);
      delivery.attempts.push(status);
      if (status >= 200 && status < 300) {
        this.finish(delivery, 'delivered');
        return;
      }
      if (status !== 0 && status !== 429 && status < 500) break;
      this.changed(delivery);
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_RETRY_MS);
    }
    if (signal.aborted) delivery.state = 'dropped';
    else this.finish(delivery, 'dropped');
  }

  private finish(delivery: Delivery, state: 'delivered' | 'dropped'): void {
    delivery.state = state;
    this.drops = state === 'delivered' ? 0 : this.drops + 1;
    if (this.drops >= DROPS_TO_SWITCH_OFF) this.enabled = false;
    this.changed(delivery);
  }
}

/** The value of one signature: PagerDuty signs the raw body with HMAC-SHA256. */
function signature(body: string, secret: string): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

const FOLDERS = {
  user_reference: 'users',
  service_reference: 'services',
  events_api_v2_inbound_integration_reference: 'integrations',
} as const;

function eventBody(account: Account, alert: Alert, type: WebhookType, agent: Agent, id: string): unknown {
  const folder = FOLDERS[agent.type];
  const note = alert.notes.at(-1);
  const data =
    type === 'incident.annotated'
      ? {
          incident: incidentReference(alert),
          id: note?.id,
          content: note?.content,
          trimmed: false,
          type: 'incident_note',
        }
      : incidentBody(account, alert);
  const by = { ...reference(folder, 'user', agent.id, agent.summary), type: agent.type };
  const occurred_at = iso(Date.now());
  return { event: { id, event_type: type, resource_type: 'incident', occurred_at, agent: by, client: null, data } };
}
