import type { JsonObject } from '../../../../src/domain/json.ts';

export interface StandInUser {
  id: string;
  name: string;
  email: string;
}

export interface StandInSchedule {
  id: string;
  name: string;
  /** Ids of the users on call now, by escalation level. */
  users: string[];
  /** When the shift ends, in ISO 8601; null where there is no other shift. */
  until?: string | null;
}

/** A service behind one routing key; `schedule` names who is woken by its alerts. */
export interface StandInService {
  name: string;
  schedule?: string;
  /** Disabled, or in maintenance: events are accepted and open nothing. */
  silent?: boolean;
}

export interface LogEntry {
  id: string;
  type: `${LogKind}_log_entry`;
  /** Milliseconds since 1970. */
  at: number;
  agent: Agent;
  /** The user who was notified or got the alert assigned. */
  user?: string;
}
export type LogKind =
  | 'trigger'
  | 'notify'
  | 'acknowledge'
  | 'unacknowledge'
  | 'resolve'
  | 'escalate'
  | 'assign'
  | 'delegate'
  | 'reopen'
  | 'annotate'
  | 'priority_change';

export interface Note {
  id: string;
  content: string;
  at: number;
  user: string;
}

/** Who did something: a user, the service by itself (a time-out), or the integration that an event came in by. */
export interface Agent {
  id: string;
  type: 'user_reference' | 'service_reference' | 'events_api_v2_inbound_integration_reference';
  summary: string;
}

/** An alert and the incident that PagerDuty opens for it. */
export interface Alert {
  /** The incident's id. */
  id: string;
  number: number;
  routing_key: string;
  dedup_key: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  summary: string;
  source: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  details: JsonObject;
  created_at: number;
  assignees: string[];
  /** The name of the incident's priority; absent while it has none. */
  priority?: string;
  log: LogEntry[];
  notes: Note[];
}

export interface AccountState {
  users: StandInUser[];
  schedules: StandInSchedule[];
  /** By routing key. */
  services: Record<string, StandInService>;
  alerts: Alert[];
  sequence: number;
}

export type WebhookType = `incident.${
  | 'triggered'
  | 'acknowledged'
  | 'unacknowledged'
  | 'escalated'
  | 'reassigned'
  | 'reopened'
  | 'resolved'
  | 'annotated'
  | 'delegated'
  | 'priority_updated'}`;

export interface RecordedRequest {
  /** When the request's head arrived: milliseconds since 1970 with a fraction. */
  arrived_at: number;
  api: 'events' | 'rest';
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string;
  /** What was answered; absent while waiting and when the connection was cut instead. */
  status?: number;
  /** The answer's body, as JSON would have it. */
  response?: unknown;
  /** Milliseconds until the request was over; absent while it waits. */
  ms?: number;
}

export interface Answer {
  status: number;
  body: unknown;
  /** Sent as it is, in the place of `body`. */
  text?: string;
  headers?: Record<string, string>;
}

/** Milliseconds since 1970 with a fraction, comparable between processes of one machine. */
export const clock = (): number => performance.timeOrigin + performance.now();
