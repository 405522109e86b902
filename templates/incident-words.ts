import { dependentsOf, hitBy } from '../src/domain/estate/dependents.ts';
import { levelDue, policyOf } from '../src/domain/escalation/escalation.ts';
import type { Estate, SeverityId } from '../src/domain/estate/model.ts';
import { rtoDue, type Incident } from '../src/domain/incident/incident.ts';
import { refusedWords } from './delivery-words.ts';
import type { IncidentFacts } from './facts.ts';
import { roleName } from './people-words.ts';
import { code, count, date, listed, span, userLine } from './words.ts';

export const SEVERITY_EMOJI: Record<SeverityId, string> = {
  P0: ':red_circle:',
  P1: ':large_orange_circle:',
  P2: ':large_yellow_circle:',
  P3: ':large_blue_circle:',
};

/** ':red_circle: P0 Critical': never colour alone. */
export const severityWords = (estate: Estate, severity: SeverityId): string =>
  `${SEVERITY_EMOJI[severity]} ${severity} ${userLine(estate.severities[severity].name, 40)}`;

export function serviceName(estate: Estate, service: string): string {
  const name = Object.hasOwn(estate.services, service) ? estate.services[service]?.name : undefined;
  return name === undefined ? code(service) : `${userLine(name, 80)} (${code(service)})`;
}

/** The service that is hit and what stops with it; says so when nobody named one. */
export function affectedSystems({ estate, incident }: IncidentFacts): string {
  if (incident.service === null) return 'Not known yet: no service was named';
  const names = hitBy(estate, incident.service).map((name) => serviceName(estate, name));
  return names.length > 15 ? `${names.slice(0, 15).join(', ')} and ${names.length - 15} more` : listed(names);
}

/** What the dependencies of the estate say about who suffers. */
export function impactOf({ estate, incident }: IncidentFacts): string {
  const { service } = incident;
  if (service === null) return 'Which services suffer is not known yet.';
  const { strong, weak } = dependentsOf(estate, service);
  const name = (each: string): string => serviceName(estate, each);
  const stops = strong.length > 0 ? ` ${few(strong.map(name))} cannot work without ${name(service)}.` : '';
  const suffers = weak.length > 0 ? ` ${few(weak.map(name))} may work less well.` : '';
  const alone = strong.length + weak.length === 0 ? ` No other service depends on ${name(service)}.` : '';
  return `${stops}${suffers}${alone}`.trim();
}

const few = (names: string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : listed(names);

export interface Clock {
  rto: number;
  due: Date;
  state: 'left' | 'over' | 'met' | 'missed';
  /** How much is left or over, in ms; for a resolved incident how long it took. */
  span: number;
}

/** The recovery time objective: that of the severity, which the incident is held to. */
export function clockOf(estate: Estate, incident: Incident, now: Date): Clock {
  const { rto } = estate.severities[incident.severity];
  const due = rtoDue(incident, rto);
  if (incident.resolved_at !== null) {
    const took = incident.resolved_at.getTime() - incident.declared_at.getTime();
    return { rto, due, state: took <= rto ? 'met' : 'missed', span: took };
  }
  const left = due.getTime() - now.getTime();
  return { rto, due, state: left >= 0 ? 'left' : 'over', span: Math.abs(left) };
}

/** 'due 04:14, 35m left', 'over by 12m (was due 04:14)', 'met: 40m of 1h', 'missed: 1h 12m, objective 1h' */
export function clockWords(clock: Clock): string {
  const { due, rto, state, span: ms } = clock;
  if (state === 'left') return `due ${date(due)}, ${span(ms)} left`;
  if (state === 'over') return `:warning: over by ${span(ms)} (was due ${date(due)})`;
  return verdict(ms, rto);
}

/** Beside a time from the declaration to the end: how much of it the incident counted as resolved. */
export const countedWords = ({ resolved_ms }: Pick<Incident, 'resolved_ms'>): string =>
  resolved_ms > 0 ? `, of which it counted as resolved for ${span(resolved_ms)}` : '';

/** How a time that something took compares with its objective. */
export const verdict = (took: number, rto: number): string =>
  took <= rto
    ? `${span(took)}, within the objective of ${span(rto)}`
    : `${span(took)}, ${span(took - rto)} over the objective of ${span(rto)}`;

export const nextUpdate = ({ incident, now }: IncidentFacts): string | null => {
  const due = incident.next_update_due;
  if (due === null || incident.state !== 'open') return null;
  const ms = due.getTime() - now.getTime();
  return ms >= 0 ? `${date(due)} (in ${span(ms)})` : `was due ${date(due)}, ${span(-ms)} ago`;
};

/** The next level that will page somebody as long as nobody answers, with the time. */
export function nextEscalation({ estate, incident, now }: IncidentFacts): { roles: string[]; at: Date } | null {
  if (incident.state !== 'open' || incident.acknowledged_at !== null) return null;
  for (const level of policyOf(estate, incident)) {
    const at = levelDue(incident, level);
    if (at > now && level.page.length > 0) return { roles: level.page, at };
  }
  return null;
}

/** 'Secondary is paged 03:19' */
export function pagedNext(estate: Estate, { roles, at }: { roles: string[]; at: Date }): string {
  const names = roles.map((role) => roleName(estate, role));
  return `${listed(names)} ${names.length === 1 ? 'is' : 'are'} paged ${date(at)}`;
}

/** What did not get through, in words; null when everything did. */
export function deliveryWords({ deliveries, estate }: IncidentFacts): string | null {
  const { pending, failed, unknown, refused = [] } = deliveries;
  const named = refused.length === 0 ? '' : ` (${refused.map((each) => refusedWords(each, estate)).join('; ')})`;
  const parts = [
    ...(pending > 0 ? [`${count(pending, 'message')} still to be sent`] : []),
    ...(failed > 0 ? [`${count(failed, 'send')} refused for good${named}`] : []),
    ...(unknown > 0 ? [`${count(unknown, 'send')} that may or may not have arrived`] : []),
  ];
  return parts.length === 0 ? null : listed(parts);
}
