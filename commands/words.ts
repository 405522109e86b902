import type { Estate } from '../src/domain/estate/model.ts';
import { SEVERITIES, type SeverityId } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, readLabel, type Mode } from '../src/domain/incident/subject.ts';
import { nearestName } from '../src/domain/nearest.ts';
import { slackActor } from '../src/domain/estate/people.ts';
import { LifeboatError } from '../src/runtime/errors.ts';

/** Slack escapes three characters in what people type, keyboards turn quotes into curly ones, and NUL is no text. */
export function plainText(text: string): string {
  return text
    .replaceAll('\0', '')
    .replaceAll(/[“”„]/g, '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

/** The first word and the rest. */
export function firstWord(text: string): [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return [word, rest];
}

/** Takes `INC-7` or `DRILL-2` from the beginning or the end of the words. */
export function takeIncident(text: string): { named: number | null; rest: string } {
  const found = /(?:^|\s)((?:INC|DRILL)-\d{1,9})(?=\s|$)/i.exec(text);
  const named = readLabel(found?.[1] ?? '');
  if (!found || named === null) return { named: null, rest: text };
  const atStart = text.slice(0, found.index).trim() === '';
  const atEnd = text.slice(found.index + found[0].length).trim() === '';
  if (!atStart && !atEnd) return { named: null, rest: text };
  return { named, rest: text.replace(found[0], ' ').trim() };
}

/** Takes `name:value` or `name=value` from the words; the value ends at a space. */
export function takeOption(text: string, name: string): { value: string | null; rest: string } {
  const found = new RegExp(`(?:^|\\s)${name}[:=](\\S+)`, 'i').exec(text);
  return found ? { value: found[1] ?? null, rest: text.replace(found[0], ' ').trim() } : { value: null, rest: text };
}

/** Reads the mode of a declaration; nothing means the real thing. */
export function needMode(word: string | null): Mode {
  if (word === null || word === 'live') return 'live';
  if (word === 'drill') return 'drill';
  throw new LifeboatError(
    'invalid',
    `\`${word}\` is no mode`,
    '`mode:drill` for a drill, of which nothing leaves Lifeboat; leave it out for a real incident',
  );
}

export function readSeverity(word: string): SeverityId | null {
  const upper = word.toUpperCase();
  return SEVERITIES.find((each) => each === upper) ?? null;
}

export function needSeverity(word: string, estate: Estate): SeverityId {
  const severity = readSeverity(word);
  if (severity) return severity;
  const known = SEVERITIES.map((each) => `\`${each}\` ${estate.severities[each].name}`).join(', ');
  throw new LifeboatError(
    'invalid',
    word ? `\`${word}\` is no severity` : 'the severity is missing',
    `one of ${known}`,
  );
}

/** Reads `<@U123|ana>`, `<@U123>`, `@ana` or `ana` as an actor. */
export function readPerson(word: string, estate: Estate): string {
  const [, user] = /^<@([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word) ?? [];
  if (user !== undefined) return slackActor(user);
  const name = word.replace(/^@/, '');
  const slack = Object.hasOwn(estate.people, name) ? estate.people[name]?.slack : undefined;
  if (slack !== undefined) return slackActor(slack);
  throw new LifeboatError(
    'not_found',
    `I do not know the person \`${word}\``,
    didYouMean(name, Object.keys(estate.people)),
  );
}

/** `did you mean …?` or the list of what exists. */
export function didYouMean(name: string, known: string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? `known: ${known.slice(0, 30).join(', ')}` : `did you mean \`${near}\`?`;
}

/** Reads `name=value` words with quoted values: `site=west note="two words"`. */
export function readAssignments(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const pattern = /\s*(?:([A-Za-z_][\w-]*)=(?:"([^"]*)"|(\S*))|(\S+))/y;
  const trimmed = text.trim();
  while (pattern.lastIndex < trimmed.length) {
    const [, name, quoted, bare, stray] = pattern.exec(trimmed) ?? [];
    if (name === undefined) {
      throw new LifeboatError(
        'invalid',
        `\`${stray ?? ''}\` is not an input`,
        'write inputs as `name=value`, with spaces as `name="two words"`',
      );
    }
    values[name] = quoted ?? bare ?? '';
  }
  return values;
}

/** An incident's channel in words: it is named once it is open, since its name may turn out to be taken. */
export const roomOf = ({ id, channel, name }: Incident): string => {
  if (kindOf(id) === 'drill') return 'its recordings';
  return channel === null ? 'its channel' : `\`#${name}\``;
};
