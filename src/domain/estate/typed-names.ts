import { fold, foldUnordered } from '../text/fold.ts';
import type { Estate } from './model.ts';

/** Something of the estate, and what people call it besides its id. */
export interface Named {
  id: string;
  names: string[];
}

const named = (of: Record<string, { name?: string }>): Named[] =>
  Object.entries(of).map(([id, { name }]) => ({ id, names: name === undefined ? [] : [name] }));

export const servicesOf = ({ services }: Estate): Named[] => named(services);
export const rolesOf = ({ roles }: Estate): Named[] => named(roles);
export const runbooksOf = ({ runbooks }: Estate): Named[] => Object.keys(runbooks).map((id) => ({ id, names: [] }));
export const peopleOf = ({ people }: Estate): Named[] =>
  Object.entries(people).map(([id, { name, email }]) => ({ id, names: email === undefined ? [name] : [name, email] }));

/** The ids that a typed name fits, by the strictest reading that fits any; none, or several when it is not clear. */
export function findNamed(typed: string, known: readonly Named[]): string[] {
  if (known.some(({ id }) => id === typed)) return [typed];
  for (const read of [fold, foldUnordered]) {
    const wanted = read(typed);
    if (wanted === '') return [];
    const found = known.filter(({ id, names }) => [id, ...names].some((each) => read(each) === wanted));
    if (found.length > 0) return found.map(({ id }) => id);
  }
  return [];
}

const LONGEST = 8;
const QUOTED = /^["“”„«']([^"“”„«»\n]+)["“”»']\s*/;

/** A name at the beginning of the words, as long as one fits; names may have spaces. Null when nothing fits. */
export function takeNamed(
  text: string,
  known: readonly Named[],
): { ids: string[]; typed: string; rest: string } | null {
  const trimmed = text.trim();
  const quoted = QUOTED.exec(trimmed);
  if (quoted?.[1] !== undefined) {
    const ids = findNamed(quoted[1], known);
    return ids.length === 0 ? null : { ids, typed: quoted[1], rest: trimmed.slice(quoted[0].length) };
  }
  const ends = [...trimmed.matchAll(/\S+/g)].slice(0, LONGEST).map((word) => word.index + word[0].length);
  for (const end of ends.reverse()) {
    const typed = trimmed.slice(0, end);
    const ids = findNamed(typed, known);
    if (ids.length > 0) return { ids, typed, rest: trimmed.slice(end).trim() };
  }
  return null;
}
