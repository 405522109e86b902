import { DURATION_RULE, parseDuration } from '../duration.ts';
import { LifeboatError } from '../../runtime/errors.ts';

/** What somebody typed of when it shall be over: a span from now, a time of day in UTC, or nothing any more. */
export type Expectation = { in_ms: number } | { at_minute: number } | 'withdrawn';

const DAY = 86_400_000;
const LONGEST = 30 * DAY;
const TIME = /^([01]?\d|2[0-3]):([0-5]\d)(?:\s*(?:(utc|z|gmt)|([+-])(\d{1,2}):?([0-5]\d)?))?(?=\s|$)/i;
const FORMS = '`/dr eta 40m`, `/dr eta 15:20 UTC`, each with a reason behind it; `/dr eta none` takes it back';

/** '40m the replica catches up', '1h 30m', '15:20 UTC', '15:20+02:00', 'none'; throws where the rest is no reason. */
export function readExpectation(typed: string): { expected: Expectation; reason: string | null } {
  const text = typed.trim();
  const words = text.split(/\s+/);
  const rest = (from: string): string | null => from.trim() || null;
  if (/^(none|unknown)$/i.test(words[0] ?? ''))
    return { expected: 'withdrawn', reason: rest(words.slice(1).join(' ')) };
  const time = TIME.exec(text);
  if (time) return { expected: { at_minute: minuteOf(time) }, reason: rest(text.slice(time[0].length)) };
  for (let taken = Math.min(3, words.length); taken > 0; taken -= 1) {
    const in_ms = parseDuration(words.slice(0, taken).join(' '));
    if (in_ms === undefined) continue;
    if (in_ms <= 0 || in_ms > LONGEST)
      throw new LifeboatError('invalid', `\`${words[0] ?? ''}\` is no time ahead of less than 30 days`, FORMS);
    return { expected: { in_ms }, reason: rest(words.slice(taken).join(' ')) };
  }
  if (text === '') throw new LifeboatError('invalid', 'it is not said when it shall be over', FORMS);
  throw new LifeboatError(
    'invalid',
    `\`${words[0] ?? ''}\` is neither a duration nor a time (${DURATION_RULE})`,
    FORMS,
  );
}

/** The minute of the day in UTC. A time without a zone would be another moment for each reader. */
function minuteOf([whole, hours, minutes, utc, sign, zone, half]: RegExpExecArray): number {
  if (utc === undefined && sign === undefined)
    throw new LifeboatError(
      'invalid',
      `\`${whole}\` names no zone`,
      `\`${whole} UTC\`, \`${whole}+02:00\`, or a duration: \`40m\``,
    );
  const ahead = (Number(zone ?? 0) * 60 + Number(half ?? 0)) * (sign === '-' ? -1 : 1);
  return (Number(hours) * 60 + Number(minutes) - ahead + 2 * 1440) % 1440;
}

/** The moment that was meant: a time of day is the next such. */
export function expectedAt(expected: Exclude<Expectation, 'withdrawn'>, now: Date): Date {
  if ('in_ms' in expected) return new Date(now.getTime() + expected.in_ms);
  const midnight = Math.floor(now.getTime() / DAY) * DAY;
  const today = midnight + expected.at_minute * 60_000;
  return new Date(today > now.getTime() ? today : today + DAY);
}
