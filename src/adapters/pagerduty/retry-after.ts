/** PagerDuty's advice after a 429 without a time: 30 s. */
const DEFAULT_MS = 30_000;
/** Nobody shall sleep longer over a page, whatever a header says. */
const LONGEST_MS = 60_000;

interface Headers {
  get(name: string): string | null;
}

/** Milliseconds to wait after a 429 by `Retry-After` or `ratelimit-reset`, 1 s to 60 s; 30 s where neither says. */
export const retryAfterMs = (headers: Headers, now: number): number =>
  told(headers.get('retry-after') ?? headers.get('ratelimit-reset'), now) ?? DEFAULT_MS;

/** The same after any other answer, by `Retry-After` alone; 0 where it is missing. */
export const pauseMs = (headers: Headers, now: number): number => told(headers.get('retry-after'), now) ?? 0;

/** Seconds or an HTTP date as milliseconds from now. */
function told(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1000), LONGEST_MS) : undefined;
}
