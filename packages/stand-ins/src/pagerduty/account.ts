import { EventEmitter } from 'node:events';
import type { AccountState, Agent, Alert, LogKind, StandInService, WebhookType } from './types.ts';

export type TriggerFields = Pick<Alert, 'summary' | 'source' | 'severity' | 'details'>;
const ASSIGNED = {
  escalate: 'incident.escalated',
  assign: 'incident.reassigned',
  delegate: 'incident.delegated',
} as const;

interface AccountEvents {
  /** Something about an alert changed; `type` is absent when PagerDuty sends no webhook for it. */
  change: [alert: Alert, type: WebhookType | undefined, agent: Agent];
}

/** What a PagerDuty account remembers, and its rules for alerts; knows nothing of HTTP. */
export class Account extends EventEmitter<AccountEvents> {
  state: AccountState;
  constructor(state: Omit<AccountState, 'alerts' | 'sequence'>) {
    super();
    this.state = { ...structuredClone(state), alerts: [], sequence: 0 };
  }

  id(prefix: string): string {
    this.state.sequence += 1;
    return prefix + this.state.sequence.toString(36).toUpperCase().padStart(6, '0');
  }

  service(routing_key: string): StandInService | undefined {
    return Object.hasOwn(this.state.services, routing_key) ? this.state.services[routing_key] : undefined;
  }

  /** The newest alert with this key, open or not. */
  newest(dedup_key: string, routing_key?: string): Alert | undefined {
    return this.state.alerts.findLast(
      (alert) => alert.dedup_key === dedup_key && (routing_key === undefined || alert.routing_key === routing_key),
    );
  }

  open(routing_key: string, dedup_key: string): Alert | undefined {
    const alert = this.newest(dedup_key, routing_key);
    return alert?.status === 'resolved' ? undefined : alert;
  }

  /** A key whose alert is open only gains a log entry: no new alert, nobody is notified again. */
  trigger(routing_key: string, dedup_key: string, fields: TriggerFields, agent: Agent): void {
    const repeated = this.open(routing_key, dedup_key);
    if (repeated) {
      Object.assign(repeated, fields);
      this.log(repeated, 'trigger', agent);
      this.emit('change', repeated, undefined, agent);
      return;
    }
    if (this.service(routing_key)?.silent === true) return;
    const id = this.id('Q');
    const schedule = this.state.schedules.find(({ id }) => id === this.service(routing_key)?.schedule);
    const assignees = schedule?.users.slice(0, 1) ?? [];
    const alert: Alert = {
      ...{ id, number: this.state.alerts.length + 1, routing_key, dedup_key, status: 'triggered', ...fields },
      ...{ created_at: Date.now(), assignees, log: [], notes: [] },
    };
    this.state.alerts.push(alert);
    this.log(alert, 'trigger', agent);
    for (const user of assignees) this.log(alert, 'notify', agent, user);
    this.emit('change', alert, 'incident.triggered', agent);
  }

  acknowledge(alert: Alert, agent: Agent): void {
    if (alert.status === 'resolved') return;
    alert.status = 'acknowledged';
    this.log(alert, 'acknowledge', agent);
    this.emit('change', alert, 'incident.acknowledged', agent);
  }

  unacknowledge(alert: Alert, agent: Agent): void {
    if (alert.status !== 'acknowledged') return;
    alert.status = 'triggered';
    this.log(alert, 'unacknowledge', agent);
    for (const user of alert.assignees) this.log(alert, 'notify', agent, user);
    this.emit('change', alert, 'incident.unacknowledged', agent);
  }

  resolve(alert: Alert, agent: Agent): void {
    if (alert.status === 'resolved') return;
    alert.status = 'resolved';
    this.log(alert, 'resolve', agent);
    this.emit('change', alert, 'incident.resolved', agent);
  }

  reopen(alert: Alert, agent: Agent): void {
    if (alert.status !== 'resolved') return;
    alert.status = 'triggered';
    this.log(alert, 'reopen', agent);
    this.emit('change', alert, 'incident.reopened', agent);
  }

  /** Gives the alert to another user, who is notified: a step of the policy, a person's choice, or another policy's. */
  assign(alert: Alert, user: string, how: keyof typeof ASSIGNED, agent: Agent): void {
    if (alert.status === 'resolved') return;
    alert.status = 'triggered';
    alert.assignees = [user];
    this.log(alert, how, agent, user);
    this.log(alert, 'notify', agent, user);
    this.emit('change', alert, ASSIGNED[how], agent);
  }

  /** A priority's name, or none. */
  prioritise(alert: Alert, priority: string | null, agent: Agent): void {
    if (priority === null) delete alert.priority;
    else alert.priority = priority;
    this.log(alert, 'priority_change', agent);
    this.emit('change', alert, 'incident.priority_updated', agent);
  }

  /** PagerDuty does not deduplicate notes: the same text twice is two notes. */
  annotate(alert: Alert, content: string, agent: Agent): Alert['notes'][number] {
    const note = { id: this.id('N'), content, at: Date.now(), user: agent.id };
    alert.notes.push(note);
    this.log(alert, 'annotate', agent);
    this.emit('change', alert, 'incident.annotated', agent);
    return note;
  }

  private log(alert: Alert, kind: LogKind, agent: Agent, user?: string): void {
    const entry = { id: this.id('R'), type: `${kind}_log_entry`, at: Date.now(), agent } as const;
    alert.log.push(user === undefined ? entry : { ...entry, user });
  }
}
