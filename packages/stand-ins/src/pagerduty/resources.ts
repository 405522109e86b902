import type { Account } from './account.ts';
import type { Alert, LogEntry, Note, StandInUser } from './types.ts';

/** The JSON of PagerDuty's resources, shared by the REST API and the webhooks. */
const API = 'https://api.pagerduty.com';
const SITE = 'https://stand-in.pagerduty.example.com';
export const iso = (ms: number): string => new Date(ms).toISOString();

export function reference(folder: string, type: string, id: string, summary: string): Record<string, string> {
  const self = `${API}/${folder}/${id}`;
  return { id, type: `${type}_reference`, summary, self, html_url: `${SITE}/${folder}/${id}` };
}

export const userReference = (user: StandInUser): Record<string, string> =>
  reference('users', 'user', user.id, user.name);

export const userBody = (user: StandInUser): Record<string, string> => ({
  ...userReference(user),
  type: 'user',
  name: user.name,
  email: user.email,
  time_zone: 'UTC',
  role: 'user',
});

function assigneesOf(account: Account, alert: Alert): Record<string, string>[] {
  return account.state.users.filter((user) => alert.assignees.includes(user.id)).map(userReference);
}

export const incidentReference = (alert: Alert): Record<string, string> =>
  reference('incidents', 'incident', alert.id, `[#${alert.number}] ${alert.summary}`);

/** The fields that both the REST API and the webhooks show of an incident. */
export function incidentBody(account: Account, alert: Alert): Record<string, unknown> {
  const service = account.service(alert.routing_key);
  return {
    ...incidentReference(alert),
    type: 'incident',
    number: alert.number,
    incident_number: alert.number,
    incident_key: alert.dedup_key,
    status: alert.status,
    title: alert.summary,
    created_at: iso(alert.created_at),
    urgency: alert.severity === 'info' || alert.severity === 'warning' ? 'low' : 'high',
    service: reference('services', 'service', serviceId(account, alert.routing_key), service?.name ?? 'service'),
    escalation_policy: reference('escalation_policies', 'escalation_policy', 'PPOLICY', 'Default'),
    assignees: assigneesOf(account, alert),
    assignments: assigneesOf(account, alert).map((assignee) => ({ at: iso(alert.created_at), assignee })),
    teams: [],
    priority: alert.priority === undefined ? null : reference('priorities', 'priority', 'PPRIO01', alert.priority),
    resolve_reason: null,
  };
}

/** The routing key itself must not show in an id. */
function serviceId(account: Account, routing_key: string): string {
  return `PSERV${String(Object.keys(account.state.services).indexOf(routing_key) + 1).padStart(2, '0')}`;
}

export function noteBody(account: Account, note: Note): Record<string, unknown> {
  const user = account.state.users.find(({ id }) => id === note.user);
  return {
    id: note.id,
    content: note.content,
    created_at: iso(note.at),
    user: user ? userReference(user) : null,
    channel: { summary: 'The PagerDuty website or APIs' },
  };
}

export function logEntryBody(account: Account, alert: Alert, entry: LogEntry): Record<string, unknown> {
  const user = account.state.users.find(({ id }) => id === entry.user);
  return {
    id: entry.id,
    type: entry.type,
    created_at: iso(entry.at),
    agent: entry.agent,
    incident: incidentReference(alert),
    ...(user ? { user: userReference(user) } : {}),
  };
}
