import type { Page } from '../src/domain/effect/decision.ts';
import { formatDuration } from '../src/domain/duration.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { plainName } from '../src/domain/estate/people.ts';
import { label, type Incident } from '../src/domain/incident/incident.ts';
import { plainWords } from '../src/domain/text/plain-words.ts';
import type { PagerEvent } from '../src/ports/pager.ts';

const PAGER_SEVERITY = { P0: 'critical', P1: 'error', P2: 'warning', P3: 'info' } as const;

/** What the woken person reads first: which incident, how bad, and what is asked. */
export function pagerEvent(page: Page, incident: Incident, estate: Estate, action: PagerEvent['action']): PagerEvent {
  const severity = estate.severities[incident.severity];
  const say = page.say === null ? null : plainWords(page.say);
  const ask = say === null ? '' : ` ${say.replaceAll(/\s+/g, ' ')}`;
  return {
    action,
    dedup_key: page.dedup_key,
    role: page.role,
    summary: shortened(`${incident.severity} ${label(incident.id)}: ${plainWords(incident.title)}.${ask}`),
    source: estate.name,
    severity: PAGER_SEVERITY[incident.severity],
    details: {
      incident: label(incident.id),
      severity: `${incident.severity} ${severity.name}`,
      service: incident.service ?? 'not named',
      declared_at: incident.declared_at.toISOString(),
      recovery_time_objective: formatDuration(severity.rto),
      paged_as: page.role,
      people: page.people.map((person) => plainName(estate, person)).join(', ') || 'nobody is named for this role',
      channel: `#${incident.name}`,
      ...(say !== null && { message: say }),
    },
  };
}

/** PagerDuty: a summary has at most 1024 characters. */
const SUMMARY = 1024;
const CUT = '… (cut here; the details have the whole message)';

function shortened(text: string): string {
  if (text.length <= SUMMARY) return text;
  return text.slice(0, SUMMARY - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
}

/** What the pager's record keeps of the end: how it was mended and how long it took. */
export function pagerNote(incident: Incident): string {
  const took = (incident.resolved_at?.getTime() ?? 0) - incident.declared_at.getTime();
  return `${label(incident.id)} was resolved after ${formatDuration(Math.max(1000, Math.round(took / 1000) * 1000))}: ${plainWords(incident.resolution ?? '')}`;
}
