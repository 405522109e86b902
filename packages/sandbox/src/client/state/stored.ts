/** What is used of a browser's storage. */
export interface Memory {
  readonly length: number;
  key: (at: number) => string | null;
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
  removeItem: (key: string) => void;
}

/** Reads JSON that this page kept; null where there is none, or where it cannot be read. */
export function recall(storage: Memory, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(`lifeboat.${key}`) ?? 'null');
  } catch {
    return null;
  }
}

export function keep(storage: Memory, key: string, value: unknown): void {
  try {
    storage.setItem(`lifeboat.${key}`, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs only the memory of a reload.
  }
}
