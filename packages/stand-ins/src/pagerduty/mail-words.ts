import type { AccountState, Alert, LogEntry } from './types.ts';

interface PlainMail {
  from: string;
  to: string;
  subject: string;
  text: string;
  date: Date;
  messageId: string;
}

/** What made the pager notify somebody, by the log entry before. */
const WHY: Readonly<Partial<Record<LogEntry['type'], string>>> = {
  escalate_log_entry: 'escalated to you',
  assign_log_entry: 'assigned to you',
  unacknowledge_log_entry: 'triggered again',
};

/** The mail about one notification; undefined for a person without an address. */
export function mailOf(alert: Alert, entry: LogEntry, account: AccountState): PlainMail | undefined {
  const person = account.users.find(({ id }) => id === entry.user);
  if (!person) return undefined;
  const before = alert.log.slice(0, alert.log.indexOf(entry)).findLast(({ type }) => type !== 'notify_log_entry');
  const why = (before && WHY[before.type]) ?? 'triggered';
  return {
    from: 'Pager <no-reply@pager.example.com>',
    to: person.email,
    subject: `[#${alert.number}] ${why}: ${alert.summary}`,
    text: textOf(alert, person.name, account.services[alert.routing_key]?.name ?? 'unknown'),
    date: new Date(entry.at),
    messageId: `<${entry.id}@pager.example.com>`,
  };
}

function textOf(alert: Alert, name: string, service: string): string {
  const details = Object.entries(alert.details).map(
    ([key, value]) => `  ${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [
    `Hello ${name},`,
    '',
    `you are paged for incident #${alert.number}:`,
    '',
    alert.summary,
    '',
    `Severity: ${alert.severity}`,
    `Service: ${service}`,
    `Source: ${alert.source}`,
    ...(details.length > 0 ? ['', 'Details:', ...details] : []),
    '',
    'To acknowledge: open Phones and press Acknowledge.',
    'Until somebody does, the page goes on to the next person in line.',
  ].join('\n');
}
