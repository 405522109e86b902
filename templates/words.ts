import { undirected } from '../src/domain/text/invisible.ts';
import { splitText } from '../src/domain/text/parts.ts';
import { escapeMrkdwn } from './blocks.ts';

/** Text that may hold mentions and dates: made here, never by a user. Everything else is escaped when it is shown. */
export class Mrkdwn {
  readonly mrkdwn: string;
  constructor(mrkdwn: string) {
    this.mrkdwn = mrkdwn;
  }
  toString(): string {
    return this.mrkdwn;
  }
}

export const md = (mrkdwn: string): Mrkdwn => new Mrkdwn(mrkdwn);

const LONGEST = 1500;
const LINE = 200;
/** Room for a part of a text, and for a reason of full length in which every character is escaped. */
const WHOLE = 2900;

/** What a person or a program wrote, safe to stand in a message: it mentions nobody and ends after `max` characters. */
export function userText(text: string, max = LONGEST): string {
  // What is shown is never shorter than what is written, so the rest need not be looked at.
  const clean = undirected(text.slice(0, max + 100))
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, keepNewline)
    .replaceAll(/\n{3,}/g, '\n\n');
  return clipped(closed(clean).trim(), max);
}

/** What a person wrote, of which more follows in messages of its own where it is longer than one part. */
export function firstPart(text: string): string {
  const [first = '', ...more] = splitText(text);
  const shown = quote(userText(first, WHOLE));
  return more.length === 0 ? shown : `${shown}\n_Part 1 of ${more.length + 1}; the rest follows._`;
}

/** A later part, as `splitText` made it. */
export const laterPart = (text: string): string => quote(userText(text, WHOLE));

/** A line that a person typed, whole as long as a message can hold it; what is cut says where the rest is. */
export function wholeLine(text: string, max = WHOLE - 100): string {
  const line = userLine(text, max);
  return line.endsWith('…') && !text.trim().endsWith('…') ? `${line} (cut here; \`/dr timeline\` has all of it)` : line;
}

/** The same in one line. */
export const userLine = (text: string, max = LINE): string => userText(text.replaceAll(/\s+/g, ' '), max);

/** Text as code, in one line. */
export function code(text: string, max = LINE): string {
  const line = userLine(text.replaceAll('`', "'"), max);
  return line === '' ? '` `' : `\`${line}\``;
}

/** Every line of mrkdwn behind a bar. */
export const quote = (mrkdwn: string): string => mrkdwn.replaceAll(/^/gm, '>');

const keepNewline = (char: string): string => (char === '\n' || char === '\t' ? char : ' ');

/** An odd backtick would turn what follows into code, mentions included. */
function closed(text: string): string {
  return (text.split('`').length - 1) % 2 === 0 ? text : text.replaceAll('`', "'");
}

const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' });

function clipped(text: string, max: number): string {
  let out = '';
  for (const { segment: char } of SEGMENTS.segment(text)) {
    const next = escapeMrkdwn(char);
    if (out.length + next.length > max - 1) return silent(`${closed(out.trimEnd())}…`);
    out += next;
  }
  return silent(out);
}

/** What a person wrote where mrkdwn means nothing and a call to everyone might: a topic, a header. */
export const plainLine = (text: string): string =>
  silent(
    undirected(text)
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .replaceAll('<', '‹')
      .replaceAll('>', '›'),
  ).trim();

/** Slack may read @here and its like in plain text as a call to everyone; a zero-width space makes it a word. */
const silent = (text: string): string => text.replaceAll(/@(?=channel|here|everyone|group)/gi, '@\u200B');

/** A moment in the reader's own time zone, with UTC where Slack cannot show it. */
export const date = (at: Date, format = '{date_short_pretty} {time}'): string =>
  `<!date^${Math.floor(at.getTime() / 1000)}^${format}|${utc(at)}>`;

/** '2026-11-20 03:14 UTC' */
const utc = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** '45 seconds', '5 minutes', '2 hours 5 minutes' or '3 days 4 hours': two units at most, since nobody needs more. */
export function span(ms: number): string {
  const s = Math.floor(Math.max(0, ms) / 1000);
  if (s < 1) return 'less than a second';
  if (s < 60) return count(s, 'second');
  const m = Math.floor(s / 60);
  if (m < 60) return count(m, 'minute');
  const h = Math.floor(m / 60);
  if (h < 48) return both(count(h, 'hour'), m % 60, 'minute');
  return both(count(Math.floor(h / 24), 'day'), h % 24, 'hour');
}

const both = (large: string, rest: number, small: string): string =>
  rest === 0 ? large : `${large} ${count(rest, small)}`;

/** '1 step', '3 steps' */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** 'a', 'a and b', 'a, b and c' */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1) ?? ''}`;
}

/** The first `max` items; where there are more, a last one that says how many and where they stand. */
export function atMost(items: readonly string[], max: number, where = '`/dr timeline`'): string[] {
  if (items.length <= max) return [...items];
  return [...items.slice(0, max - 1), `and ${items.length - max + 1} more: ${where}`];
}

/** The same as values of a template. */
export const lines = (items: readonly string[], max = 15): Mrkdwn[] => atMost(items, max).map(md);

/** As many lines as fit into `budget` characters; where there are more, a last one says how many and how to see them. */
export function within(items: readonly string[], budget: number, how: string): string[] {
  let size = 0;
  const fits = items.findIndex((line) => (size += line.length + 1) > budget);
  if (fits === -1) return [...items];
  const shown = Math.max(1, fits);
  return shown >= items.length ? [...items] : [...items.slice(0, shown), `… ${items.length - shown} more: ${how}`];
}
