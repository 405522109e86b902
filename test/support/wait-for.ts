import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until the condition returns something truthy, and returns that; a throwing condition counts as not yet. Unless
 * told how often, it looks each 20 ms at first and each 200 ms in the end, so as not to slow down what it waits for.
 * @throws Error that names what was waited for and the last problem, after `timeoutMs` (10 s unless told).
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const began = Date.now();
  const deadline = began + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = await condition();
      if (last) return last as Exclude<T, false | null | undefined | 0 | ''>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms for ${what}; last: ${String(last)}`, { cause: last });
    await delay(everyMs ?? Math.min(Math.max(20, (Date.now() - began) / 20), 200));
  }
}
