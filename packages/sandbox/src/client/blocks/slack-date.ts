/** Where and how the reader reads times. */
export interface Reader {
  now: Date;
  /** An IANA zone; the browser's own when left out. */
  timeZone?: string;
  hour12?: boolean;
}

const DAY = 86_400_000;
/** Slack leaves the year out when the date is less than half a year away. */
const HALF_YEAR = 183 * DAY;

/**
 * A moment in Slack's format, such as '{date_short_pretty} {time}', in the reader's zone; tokens that Slack does not
 * know stay as they are. With `leads` a relative day stands at the start of a line and is capitalised.
 */
export function formatDate(seconds: number, format: string, reader: Reader, leads = false): string {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return '';
  const words = format.replace(/\{(\w+)\}/g, (whole, token: string) => TOKENS[token]?.(at, reader) ?? whole);
  return leads && /^(today|tomorrow|yesterday)/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

/** Whether the words change while one looks at them. */
export const isRelative = (format: string): boolean => /_pretty\}|\{ago\}/.test(format);

type Token = (at: Date, reader: Reader) => string;

const TOKENS: Record<string, Token> = {
  date_num: (at, reader) =>
    `${part(at, reader, { year: 'numeric' })}-${two(at, reader, 'month')}-${two(at, reader, 'day')}`,
  date_slash: (at, reader) =>
    `${two(at, reader, 'month')}/${two(at, reader, 'day')}/${part(at, reader, { year: 'numeric' })}`,
  date: (at, reader) => `${part(at, reader, { month: 'long' })} ${ordinal(at, reader)}${year(at, reader)}`,
  date_long: (at, reader) => `${part(at, reader, { weekday: 'long' })}, ${say('date', at, reader)}`,
  date_long_full: (at, reader) =>
    `${part(at, reader, { weekday: 'long' })}, ${part(at, reader, { month: 'long' })} ${ordinal(at, reader)}, ${part(at, reader, { year: 'numeric' })}`,
  date_short: (at, reader) =>
    `${part(at, reader, { month: 'short' })} ${part(at, reader, { day: 'numeric' })}${year(at, reader)}`,
  date_pretty: pretty('date'),
  date_short_pretty: pretty('date_short'),
  date_long_pretty: pretty('date_long'),
  day_divider_pretty: pretty('date_long'),
  time: (at, reader) => clock(at, reader, {}),
  time_secs: (at, reader) => clock(at, reader, { second: '2-digit' }),
  ago: (at, { now }) => ago(at.getTime() - now.getTime()),
};

const say = (token: string, at: Date, reader: Reader): string => TOKENS[token]?.(at, reader) ?? '';

function pretty(otherwise: string): Token {
  return (at, reader) => {
    const days = dayNumber(at, reader) - dayNumber(reader.now, reader);
    return { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' }[String(days)] ?? say(otherwise, at, reader);
  };
}

/** Days since 1970 on the reader's calendar. */
function dayNumber(at: Date, reader: Reader): number {
  const [y, m, d] = say('date_num', at, reader).split('-').map(Number);
  return Math.round(Date.UTC(y ?? 0, (m ?? 1) - 1, d ?? 1) / DAY);
}

const year = (at: Date, reader: Reader): string =>
  Math.abs(at.getTime() - reader.now.getTime()) < HALF_YEAR ? '' : `, ${part(at, reader, { year: 'numeric' })}`;

function ordinal(at: Date, reader: Reader): string {
  const day = Number(part(at, reader, { day: 'numeric' }));
  const last = day % 100 > 10 && day % 100 < 14 ? 0 : day % 10;
  return `${day}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

const two = (at: Date, reader: Reader, unit: 'month' | 'day'): string =>
  part(at, reader, { [unit]: '2-digit' }).padStart(2, '0');

function clock(at: Date, reader: Reader, more: Intl.DateTimeFormatOptions): string {
  const hour12 = reader.hour12 ?? true;
  const hours: Intl.DateTimeFormatOptions = hour12
    ? { hour: 'numeric', hourCycle: 'h12' }
    : { hour: '2-digit', hourCycle: 'h23' };
  return part(at, reader, { ...hours, minute: '2-digit', ...more }).replaceAll('\u202F', ' ');
}

const part = (at: Date, reader: Reader, options: Intl.DateTimeFormatOptions): string =>
  formatter(reader.timeZone, options).format(at);

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes a hundred times as long as using it. */
function formatter(timeZone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([timeZone, options]);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat('en-US', { ...options, ...(timeZone && { timeZone }) });
  formatters.set(key, known);
  return known;
}

const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', DAY / 24],
  ['minute', 60_000],
  ['second', 1000],
] as const;

const relative = new Intl.RelativeTimeFormat('en-US');

function ago(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(ms) >= length) ?? (['second', 1000] as const);
  return Math.abs(ms) < 1000 ? 'just now' : relative.format(Math.trunc(ms / size), unit);
}
