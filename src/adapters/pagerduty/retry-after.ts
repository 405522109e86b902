/** PagerDuty's advice after a 429 without a time: 30 s. */
const DEFAULT_MS = 30_000;
/** Nobody shall sleep longer over a page, whatever a header says. */
const LONGEST_MS = 300_000;

/** Milliseconds to wait by `Retry-After` (seconds or a date) or `ratelimit-reset` (seconds), at least 1 s. */
export function retryAfterMs(headers: { get(name: string): string | null }, now: number): number {
  const told = headers.get('retry-after') ?? headers.get('ratelimit-reset');
  if (told === null || told.trim() === '') return DEFAULT_MS;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(told) ? Number(told) * 1000 : Date.parse(told) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1000), LONGEST_MS) : DEFAULT_MS;
}
