import type { Estate } from '../src/domain/estate/model.ts';
import { SEVERITIES, type SeverityId } from '../src/domain/estate/model.ts';
import { findNamed, peopleOf, rolesOf, takeNamed, type Named } from '../src/domain/estate/typed-names.ts';
import { readSeverity } from '../src/domain/estate/typed-severity.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, readLabel, type Mode } from '../src/domain/incident/subject.ts';
import { nearestName } from '../src/domain/nearest.ts';
import { fold } from '../src/domain/text/fold.ts';
import { slackActor } from '../src/domain/estate/people.ts';
import { LifeboatError } from '../src/runtime/errors.ts';

/** The first word and the rest. */
export function firstWord(text: string): [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return [word, rest];
}

/** The command that the first word names: no case, and nothing of what formatting or a slip puts around it. */
export const verbOf = (word: string): string =>
  word.toLowerCase().replaceAll(/^[\p{Pd}*_~`"“'/]+|[*_~`"”',.:;!?]+$/gu, '');

/** Takes `INC-7` or `DRILL-2` from the beginning or the end of the words. */
export function takeIncident(text: string): { named: number | null; rest: string } {
  const found = /(?:^|\s)[*_`([]*((?:INC|DRILL)\p{Pd}\d{1,9})[*_`)\],:;.]*(?=\s|$)/iu.exec(text);
  const named = readLabel((found?.[1] ?? '').replace(/\p{Pd}/u, '-'));
  if (!found || named === null) return { named: null, rest: text };
  const atStart = text.slice(0, found.index).trim() === '';
  const atEnd = text.slice(found.index + found[0].length).trim() === '';
  if (!atStart && !atEnd) return { named: null, rest: text };
  return { named, rest: text.replace(found[0], ' ').trim() };
}

const VALUE = '(?:["“”„«]([^"“”„«»\\n]*)["“”»]|(\\S+))';

/**
 * Takes `name:value`, `name=value` or `--name value` from the words, whatever a keyboard made of the marks. The value is
 * one word, or several in quotes.
 */
export function takeOption(text: string, name: string): { value: string | null; rest: string } {
  const marks = `(?:\\p{Pd}{1,2}${name}(?:[:=：＝]|\\s+)|${name}[:=：＝])`;
  const found = new RegExp(`(?:^|\\s)[*_~\`]*${marks}${VALUE}[*_~\`]*`, 'iu').exec(text);
  if (!found) return { value: null, rest: text };
  const value = found[1] ?? found[2]?.replaceAll(/^[*_~`]+|[*_~`,;]+$/g, '') ?? '';
  return { value, rest: text.replace(found[0], () => ' ').trim() };
}

/** Takes a last word `anyway`, whatever stands around it. */
export function takeAnyway(text: string): { anyway: boolean; rest: string } {
  const found = /(?:^|[\s,;:([-]+)[*_~`]*anyway[*_~`)\].!]*\s*$/i.exec(text);
  return found ? { anyway: true, rest: text.slice(0, found.index).trim() } : { anyway: false, rest: text };
}

/** What people call a drill; in an emergency nobody types one of these. */
const DRILLS = ['drill', 'test', 'exercise', 'practice', 'training', 'simulation', 'dry run', 'game day', 'gameday'];

/**
 * Reads the mode of a declaration: nothing means the real thing, and so does what nobody can read. A slip of `drill` and
 * other words for it mean a drill, since a drill that was misspelt would wake people.
 */
export function readMode(word: string | null): { mode: Mode; known: boolean } {
  const typed = word === null ? 'live' : fold(word);
  if (typed === 'live' || typed === 'drill') return { mode: typed, known: true };
  const near = nearestName(typed, ['live', ...DRILLS]) ?? 'live';
  return { mode: near === 'live' ? 'live' : 'drill', known: false };
}

export function needSeverity(word: string, estate: Estate): SeverityId {
  const severity = readSeverity(word, estate.severities);
  if (severity === null) throw noSeverity(word, estate);
  return severity;
}

export function noSeverity(word: string, estate: Estate): LifeboatError {
  const known = SEVERITIES.map((each) => `\`${each}\` ${estate.severities[each].name}`).join(', ');
  return new LifeboatError(
    'invalid',
    word ? `\`${word}\` is no severity` : 'the severity is missing',
    `one of ${known}`,
  );
}

/** Reads `<@U123|ana>`, `<@U123>`, `@ana`, `ana` or `Ito Ana` as an actor. */
export function readPerson(word: string, estate: Estate): string {
  const [, user] = /^<@([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word) ?? [];
  if (user !== undefined) return slackActor(user);
  const [id, ...more] = findNamed(word, peopleOf(estate));
  if (more.length > 0) throw severalFit(word, [id ?? '', ...more]);
  const slack = id === undefined ? undefined : estate.people[id]?.slack;
  if (slack !== undefined) return slackActor(slack);
  throw new LifeboatError(
    'not_found',
    `I do not know the person \`${word}\``,
    didYouMean(word.replace(/^@/, ''), Object.keys(estate.people)),
  );
}

/** The id that a typed name means; throws what there is instead. `what`: 'service'. */
export function needNamed(typed: string, what: string, known: Named[]): string {
  const [id, ...more] = findNamed(typed, known);
  if (more.length > 0) throw severalFit(typed, [id ?? '', ...more]);
  if (id !== undefined) return id;
  throw new LifeboatError(
    'not_found',
    typed === '' ? `the ${what} is missing` : `there is no ${what} \`${typed}\``,
    didYouMean(
      typed,
      known.map((each) => each.id),
    ),
  );
}

/** A role and who gets it, in either order: `communications @dan`, `@dan communications`. */
export function readRoleAndPerson(text: string, estate: Estate): { role: string; who: string } {
  const roles = rolesOf(estate);
  const first = takeNamed(text, roles);
  if (first) return { role: needNamed(first.typed, 'role', roles), who: first.rest };
  const [word, rest] = firstWord(text);
  const person = /^(?:me$|<@)/i.test(word) ? { typed: word, rest } : takeNamed(text, peopleOf(estate));
  const role = person && person.rest !== '' ? findNamed(person.rest, roles) : [];
  if (person && role.length > 0) return { role: needNamed(person.rest, 'role', roles), who: person.typed };
  return { role: needNamed(word, 'role', roles), who: rest };
}

export const severalFit = (typed: string, ids: string[]): LifeboatError =>
  new LifeboatError('ambiguous', `\`${typed}\` may be ${ids.join(' or ')}`, `name one of them: \`${ids[0] ?? ''}\``);

/** `did you mean …?` or the list of what exists. */
export function didYouMean(name: string, known: string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? `known: ${known.slice(0, 30).join(', ')}` : `did you mean \`${near}\`?`;
}

const ASSIGNMENT =
  /\s*(?:(?:--|[\u2012-\u2015]{1,2})?([A-Za-z_][\w-]*)=(?:["“”„«]([^"“”„«»]*)["“”»](?=\s|$)|`([^`]*)`(?=\s|$)|(\S*))|(\S+))/y;

/**
 * Reads `name=value` words with quoted values: `site=west note="two words"`. A value may be code or a path: quotes around
 * it are read whatever a keyboard made of them, and nothing inside it is touched.
 */
export function readAssignments(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const pattern = new RegExp(ASSIGNMENT);
  const trimmed = text.trim();
  while (pattern.lastIndex < trimmed.length) {
    const [, name, quoted, ticked, bare, stray] = pattern.exec(trimmed) ?? [];
    if (name === undefined) {
      throw new LifeboatError(
        'invalid',
        `\`${stray ?? ''}\` is not an input`,
        'write inputs as `name=value`, with spaces as `name="two words"`',
      );
    }
    values[name] = quoted ?? ticked ?? bare ?? '';
  }
  return values;
}

/** An incident's channel in words: it is named once it is open, since its name may turn out to be taken. */
export const roomOf = ({ id, channel, name }: Incident): string => {
  if (kindOf(id) === 'drill') return 'its recordings';
  return channel === null ? 'its channel' : `\`#${name}\``;
};
