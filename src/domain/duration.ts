const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const PART = /(\d+)(ms|[smhd])/y;

export const DURATION_RULE =
  'a duration is a whole number and a unit: 500ms, 90s, 15m, 1h, 7d, or several as in 1h 30m';

/** Milliseconds of '500ms', '90s', '15m', '1h 30m' or '7d'; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  let at = 0;
  while (at < text.length) {
    PART.lastIndex = at;
    const [whole, count, unit] = PART.exec(text) ?? [];
    if (whole === undefined) return undefined;
    total += Number(count) * UNITS[unit as keyof typeof UNITS];
    at += whole.length;
    if (at < text.length && text[at] === ' ') at += 1;
    else if (at < text.length && !isDigit(text[at])) return undefined;
  }
  return text === '' || text.endsWith(' ') || !Number.isSafeInteger(total) ? undefined : total;
}

/** Milliseconds of a value that is milliseconds already, or a duration in words (an evaluated expression). */
export function durationOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** '1h 30m' of 5 400 000 ms: every unit that is not zero, from large to small; '0s' of nothing. */
export function formatDuration(ms: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(ms));
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? '0s' : parts.join(' ');
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}
