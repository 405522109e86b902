import type { SeverityId } from '../estate/model.ts';
import type { IncidentState } from './incident.ts';

/** What somebody looks for among incidents; what is null does not matter. */
export interface IncidentSearch {
  /** Each stands, or begins a word, in a title, a description, an update, a note or the summary of the end. */
  words: readonly string[];
  service: string | null;
  /** The identities of one person, as `identitiesOf` returns them. */
  person: readonly string[] | null;
  from: Date | null;
  /** Exclusive. */
  to: Date | null;
  state: IncidentState | null;
  severity: SeverityId | null;
}

/** Results on one page, and how many results are counted at most. */
export const PAGE = 12;
export const COUNTED = 500;

const DAY = 86_400_000;

/** The beginning of a day or a minute in UTC, and how long it lasts, in ms; null when it is none: `2026-11-01`, `2026-11-01T08:30`. */
export function readMoment(text: string): { at: Date; lasts: number } | null {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:[T_](\d{2}:\d{2})Z?)?$/i.exec(text) ?? [];
  if (day === undefined) return null;
  const at = new Date(`${day}T${time ?? '00:00'}:00.000Z`);
  // JavaScript takes the 30th of February for the 2nd of March.
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(`${day}T${time ?? '00:00'}`)) return null;
  return { at, lasts: time === undefined ? DAY : 60_000 };
}
