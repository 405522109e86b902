import type { Incident } from '../incident/incident.ts';

interface Asked {
  ladder: number;
  answered_by: string | null;
  created_at: Date;
}

/**
 * Since when nobody answers although somebody was asked: the first page of the escalation that nobody answered, or when an
 * acknowledgement was lost after it. Null while nobody was asked: then nobody can have failed to answer.
 */
export function unansweredSince({ unanswered_from }: Incident, pages: readonly Asked[]): Date | null {
  const asked = pages.filter(({ ladder, answered_by }) => ladder > 0 && answered_by === null);
  const lost = unanswered_from?.getTime() ?? null;
  if (asked.length === 0) return lost === null ? null : new Date(lost);
  const first = Math.min(...asked.map(({ created_at }) => created_at.getTime()));
  return new Date(Math.max(first, lost ?? first));
}
