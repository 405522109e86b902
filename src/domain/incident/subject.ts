/*
 * Every timeline belongs to an incident, to a drill or to the estate itself. The sign of its number says to which: it is
 * given once, with the first row, and nothing that names the subject can be without it.
 */

type SubjectKind = 'incident' | 'drill' | 'estate';

/** What its effects may do: `drill` never leaves Lifeboat. */
export type Mode = 'live' | 'drill';

/** The subject of the estate's own timeline. */
export const ESTATE_SUBJECT = 0;

export function kindOf(id: number): SubjectKind {
  if (id === ESTATE_SUBJECT) return 'estate';
  return id > 0 ? 'incident' : 'drill';
}

export const modeOf = (id: number): Mode => (kindOf(id) === 'drill' ? 'drill' : 'live');

/** How people name it in commands and messages: `INC-7`, `DRILL-2`, `Estate`. */
export function label(id: number): string {
  const kind = kindOf(id);
  if (kind === 'estate') return 'Estate';
  return kind === 'drill' ? `DRILL-${-id}` : `INC-${id}`;
}

/** Reads `INC-7` or `DRILL-2`, whole and in any case; null for everything else, `INC-0` too. */
export function readLabel(word: string): number | null {
  const [, prefix, digits] = /^(INC|DRILL)-0*([1-9]\d{0,8})$/i.exec(word) ?? [];
  if (prefix === undefined || digits === undefined) return null;
  return prefix.toUpperCase() === 'DRILL' ? -Number(digits) : Number(digits);
}
