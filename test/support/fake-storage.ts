import type { Memory } from '@lifeboat/sandbox/client/state/stored';

/** A browser's storage, in memory. */
export function fakeStorage(): Memory {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
  };
}
