/** Reads JSON that this page kept; null where there is none, or where it cannot be read. */
export function recall(storage: Storage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(`lifeboat.${key}`) ?? 'null');
  } catch {
    return null;
  }
}

export function keep(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(`lifeboat.${key}`, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs only the memory of a reload.
  }
}
