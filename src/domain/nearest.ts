/** The known name that a slip of the finger would most likely have turned into `name`. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const scored = known.map((other) => ({ other, slips: distance(name.toLowerCase(), other.toLowerCase(), limit) }));
  return scored.filter(({ slips }) => slips <= limit).sort((a, b) => a.slips - b.slips)[0]?.other;
}

/** Letters to add, drop, change or swap to get from one word to the other; more than `limit` is not counted out. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let older: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let col = 1; col <= to.length; col += 1) {
      const same = from[row - 1] === to[col - 1] ? 0 : 1;
      let best = Math.min((last[col] ?? 0) + 1, (current[col - 1] ?? 0) + 1, (last[col - 1] ?? 0) + same);
      const swapped = from[row - 1] === to[col - 2] && from[row - 2] === to[col - 1];
      if (swapped) best = Math.min(best, (older[col - 2] ?? 0) + 1);
      current.push(best);
    }
    older = last;
    last = current;
  }
  return last[to.length] ?? limit + 1;
}
