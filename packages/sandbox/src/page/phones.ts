import type { AccountState, Alert, LogEntry } from '@lifeboat/stand-ins/pagerduty/types';
import type { Phone } from './protocol.ts';

const WORDS: Record<LogEntry['type'], string> = {
  trigger_log_entry: 'Triggered',
  notify_log_entry: 'Rang',
  acknowledge_log_entry: 'Acknowledged',
  unacknowledge_log_entry: 'No longer acknowledged',
  resolve_log_entry: 'Resolved',
  escalate_log_entry: 'Escalated',
  assign_log_entry: 'Reassigned',
  reopen_log_entry: 'Reopened',
  annotate_log_entry: 'Note added',
  delegate_log_entry: 'Delegated',
  priority_change_log_entry: 'Priority changed',
};

/** An alert as it shows on telephones. */
export function phoneOf(alert: Alert, account: Pick<AccountState, 'users' | 'services'>): Phone {
  const nameOf = (id: string): string => account.users.find((user) => user.id === id)?.name ?? id;
  return {
    id: alert.id,
    dedup_key: alert.dedup_key,
    summary: alert.summary,
    status: alert.status,
    severity: alert.severity,
    service: account.services[alert.routing_key]?.name ?? '',
    assignees: alert.assignees.map(nameOf),
    details: alert.details,
    created_at: alert.created_at,
    log: alert.log.map((entry) => ({ at: entry.at, text: textOf(entry, nameOf) })),
  };
}

function textOf(entry: LogEntry, nameOf: (id: string) => string): string {
  const to = entry.user === undefined ? '' : ` ${nameOf(entry.user)}`;
  const by = entry.agent.type === 'user_reference' ? ` by ${entry.agent.summary}` : '';
  return `${WORDS[entry.type]}${to}${by}`;
}
