import type { Estate, SeverityId } from '../estate/model.ts';
import { SEVERITIES } from '../estate/model.ts';
import type { Incident } from './incident.ts';

/** What was declared so long ago is not taken for the same, in ms. */
export const SIMILAR_MS = 10 * 60_000;

/** What would have been declared, until somebody decides. */
export interface HeldDeclaration {
  title: string;
  severity: SeverityId;
  service: string | null;
  channel: string | null; // where it was typed
  description: string | null;
}

type Told = Pick<Incident, 'title' | 'service'>;

/** What a title says, without case, accents, punctuation and words for how bad it is. Empty when nothing is left. */
export function gistOf(title: string, { severities }: Pick<Estate, 'severities'>): string {
  const named = SEVERITIES.flatMap((id) => [severities[id].name, ...(severities[id].aliases ?? [])]);
  const left = new Set(named.flatMap((name) => wordsOf(name)));
  return wordsOf(title)
    .join(' ')
    .replaceAll(/\b(?:p|sev|severity|prio|priority) ?[0-5]\b/g, ' ')
    .split(/ +/)
    .filter((word) => word !== '' && !left.has(word))
    .join(' ');
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** What two declarations of one thing share: whoever declares holds these for a moment. */
export function sharedBy(estate: Estate, { title, service }: Told): string[] {
  const gist = gistOf(title, estate);
  return [...(service === null ? [] : [`service:${service}`]), ...(gist === '' ? [] : [`title:${gist}`])];
}

/** The newest of these incidents that a declaration would tell again: same service, or a title that says the same. */
export function similarTo<I extends Told & Pick<Incident, 'id'>>(
  estate: Estate,
  told: Told,
  incidents: readonly I[],
): I | null {
  const mine = sharedBy(estate, told);
  const found = incidents.filter((each) => sharedBy(estate, each).some((one) => mine.includes(one)));
  return found.toSorted((a, b) => Math.abs(b.id) - Math.abs(a.id))[0] ?? null;
}
