/** How many effects are remembered at a time; beyond that their clocks begin anew. */
const REMEMBERED = 10_000;

export interface TroubleClock {
  /** Milliseconds since `key` was first said to be in trouble, as far as this process knows. */
  since(key: string): number;
  /** The trouble is over. */
  clear(key: string): void;
}

/** Measures how long one kind of trouble has lasted for an effect; an effect is often far older than its trouble. */
export function createTroubleClock(now: () => number = () => performance.now()): TroubleClock {
  const began = new Map<string, number>();
  return {
    since(key) {
      if (began.size >= REMEMBERED && !began.has(key)) began.clear();
      const at = began.get(key) ?? now();
      began.set(key, at);
      return now() - at;
    },
    clear: (key) => void began.delete(key),
  };
}
