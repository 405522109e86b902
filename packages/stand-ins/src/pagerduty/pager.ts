import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Account } from './account.ts';
import type { Api, Fault, Faults } from './faults.ts';
import type { HttpServer } from './http-server.ts';
import type { SlidingWindow } from './sliding-window.ts';
import type { AccountState, Agent, Alert, RecordedRequest } from './types.ts';
import type { Delivery, Webhooks } from './webhooks.ts';

interface PagerEvents {
  request: [RecordedRequest];
  /** The request is over, answered or not. */
  answered: [RecordedRequest];
  /** An alert came into being or changed. */
  alert: [Alert];
  /** A webhook was queued, tried, delivered or dropped. */
  webhook: [Delivery];
  outage: ['refused' | 'unavailable' | 'over'];
}
/** A sandbox may run for weeks. */
const KEPT_REQUESTS = 5000;

interface Parts {
  account: Account;
  faults: Faults;
  server: HttpServer;
  webhooks: Webhooks;
  paces: SlidingWindow[];
}
export interface By {
  /** A user's id or e-mail, the first user unless told; null for what PagerDuty does by itself, as after a time-out. */
  by?: string | null;
}

/** What a test or a page says to the stand-in: look at it, press its buttons, break it. */
export class Pager extends EventEmitter<PagerEvents> {
  private readonly parts: Parts;
  private recorded: RecordedRequest[] = [];
  /** The deliveries that the latest changes caused, by alert. */
  private readonly sent = new Map<string, Promise<Delivery | undefined>>();

  constructor(parts: Parts) {
    super();
    this.setMaxListeners(0);
    this.parts = parts;
    parts.account.on('change', (alert, type, agent) => {
      if (type) this.sent.set(alert.id, parts.webhooks.send(parts.account, alert, type, agent));
      this.emit('alert', alert);
    });
  }

  /** All alerts, oldest first; `{ open: true }` leaves the resolved ones out. */
  alerts(filter: { open?: boolean } = {}): Alert[] {
    return this.parts.account.state.alerts.filter((alert) => filter.open !== true || alert.status !== 'resolved');
  }

  /** The newest alert with this key. */
  alert(dedup_key: string): Alert | undefined {
    return this.parts.account.newest(dedup_key);
  }

  /** How often the alert's people were really notified: a repeated trigger does not count. */
  notifications(dedup_key: string): number {
    return this.alerts()
      .filter((alert) => alert.dedup_key === dedup_key)
      .reduce((sum, alert) => sum + alert.log.filter(({ type }) => type === 'notify_log_entry').length, 0);
  }

  /** A person's button; resolves with the webhook once it was delivered or dropped. Throws without such an alert. */
  acknowledge(dedup_key: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) => account.acknowledge(alert, agent));
  }
  resolve(dedup_key: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) => account.resolve(alert, agent));
  }
  unacknowledge(dedup_key: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) => account.unacknowledge(alert, agent));
  }
  reopen(dedup_key: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) => account.reopen(alert, agent));
  }
  escalate(dedup_key: string, to: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) =>
      account.assign(alert, this.user(to).id, 'escalate', agent),
    );
  }
  reassign(dedup_key: string, to: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) =>
      account.assign(alert, this.user(to).id, 'assign', agent),
    );
  }
  delegate(dedup_key: string, to: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) =>
      account.assign(alert, this.user(to).id, 'delegate', agent),
    );
  }
  prioritise(dedup_key: string, priority: string | null, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) => account.prioritise(alert, priority, agent));
  }
  annotate(dedup_key: string, text: string, who: By = {}): Promise<Delivery | undefined> {
    return this.press(dedup_key, who, (account, alert, agent) => void account.annotate(alert, text, agent));
  }

  /** Resolves with the newest alert that fits, at once or when it comes; rejects after `timeout` ms (5000). */
  waitFor(wanted: string | ((alert: Alert) => boolean), { timeout = 5000 } = {}): Promise<Alert> {
    const fits = typeof wanted === 'string' ? (alert: Alert): boolean => alert.dedup_key === wanted : wanted;
    const there = this.alerts().findLast(fits);
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const look = (alert: Alert): void => {
        if (!fits(alert)) return;
        clearTimeout(timer);
        this.off('alert', look);
        resolve(alert);
      };
      const timer = setTimeout(() => {
        this.off('alert', look);
        const seen = this.alerts().map(({ dedup_key, status }) => `${dedup_key} (${status})`);
        const what = typeof wanted === 'string' ? `alert ${wanted}` : 'fitting alert';
        reject(new Error(`no ${what} within ${timeout} ms; there are: ${seen.join(', ') || 'none'}`));
      }, timeout);
      this.on('alert', look);
    });
  }

  /** Disables all services, or takes them out of maintenance: meanwhile events are accepted and open nothing. */
  silence(silent: boolean): void {
    for (const service of Object.values(this.parts.account.state.services)) service.silent = silent;
  }

  requests(api?: Api): RecordedRequest[] {
    return this.recorded.filter((request) => api === undefined || request.api === api);
  }

  deliveries(): Delivery[] {
    return [...this.parts.webhooks.deliveries];
  }

  /** Webhooks that are not through yet, oldest first; `resume` queues them again after a restart. */
  waitingWebhooks(): Delivery[] {
    return this.parts.webhooks.waiting();
  }
  resumeWebhooks(deliveries: readonly Delivery[]): void {
    this.parts.webhooks.resume(deliveries);
  }

  /** Where webhooks go from now on; undefined stops them. Also switches a switched-off subscription on. */
  subscribe(url: string | undefined): void {
    this.parts.webhooks.options.url = url;
    this.parts.webhooks.enabled = true;
  }

  /** The secrets that sign each webhook, one signature each; two while a secret is being rotated. */
  get webhookSecrets(): string[] {
    return this.parts.webhooks.options.secrets;
  }
  set webhookSecrets(secrets: string[]) {
    this.parts.webhooks.options.secrets = secrets;
  }

  /** Sends a webhook again, with the same X-Webhook-Id and body; returns the HTTP status of the answer. */
  redeliver(delivery: Delivery): Promise<number> {
    return this.parts.webhooks.post(delivery.body, delivery.webhook_id);
  }

  /** Sends `body` as an attacker without the secret would; returns the HTTP status of the answer. */
  forge(body: string): Promise<number> {
    return this.parts.webhooks.post(body, randomUUID(), [`not-the-secret-${randomUUID()}`]);
  }

  fail(fault: Fault): void {
    this.parts.faults.add(fault);
  }
  latency(ms: number, api?: Api): void {
    this.parts.faults.delay(ms, api);
  }

  /** Until `endOutage`: connections are refused, or every call is answered 503. */
  async startOutage(how: 'refused' | 'unavailable' = 'refused'): Promise<void> {
    this.parts.server.unavailable = how === 'unavailable';
    if (how === 'refused') await this.parts.server.deafen();
    this.emit('outage', how);
  }
  async endOutage(): Promise<void> {
    const { server } = this.parts;
    server.unavailable = false;
    if (!server.listening) await server.listen();
    this.emit('outage', 'over');
  }

  /** Changes who is on call: ids of users by escalation level, and when their shift ends. */
  setOnCall(schedule: string, users: string[], until: string | null = null): void {
    const found = this.parts.account.state.schedules.find(({ id }) => id === schedule);
    if (!found) throw new Error(`no schedule ${schedule}; there are ${this.list('schedules')}`);
    found.users = users.map((user) => this.user(user).id);
    found.until = until;
  }

  /** Who and what an alert's ids stand for. */
  get directory(): Readonly<Pick<AccountState, 'users' | 'services'>> {
    return this.parts.account.state;
  }

  snapshot(): AccountState {
    return structuredClone(this.parts.account.state);
  }
  /** Takes back an account as it was; sends no webhooks. */
  restore(state: AccountState): void {
    this.parts.account.state = structuredClone(state);
  }

  /** Forgets alerts, requests, webhooks, faults and used-up pace; keeps users, schedules and keys. */
  reset(): void {
    this.parts.account.state.alerts = [];
    this.recorded = [];
    this.sent.clear();
    this.parts.webhooks.clear();
    this.parts.faults.clear();
    this.silence(false);
    for (const pace of this.parts.paces) pace.clear();
  }

  /** For the server. */
  record(request: RecordedRequest): void {
    this.recorded.push(request);
    if (this.recorded.length > KEPT_REQUESTS) this.recorded.shift();
    this.emit('request', request);
  }

  private async press(
    dedup_key: string,
    { by }: By,
    change: (account: Account, alert: Alert, agent: Agent) => void,
  ): Promise<Delivery | undefined> {
    const alert = this.alert(dedup_key);
    if (!alert) throw new Error(`no alert ${dedup_key} to press a button of`);
    this.sent.delete(alert.id);
    change(this.parts.account, alert, by === null ? this.service(alert) : this.person(by));
    return this.sent.get(alert.id);
  }

  private person(by: string | undefined): Agent {
    const { id, name } = this.user(by ?? this.parts.account.state.users[0]?.id ?? '');
    return { id, type: 'user_reference', summary: name };
  }

  private service(alert: Alert): Agent {
    const summary = this.parts.account.service(alert.routing_key)?.name ?? 'service';
    return { id: 'PSERV', type: 'service_reference', summary };
  }

  private user(idOrEmail: string): AccountState['users'][number] {
    const found = this.parts.account.state.users.find(({ id, email }) => id === idOrEmail || email === idOrEmail);
    if (!found) throw new Error(`no user ${idOrEmail}; there are ${this.list('users')}`);
    return found;
  }

  private list(what: 'users' | 'schedules'): string {
    return this.parts.account.state[what].map(({ id }) => id).join(', ') || 'none';
  }
}
