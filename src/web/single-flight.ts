/** However many ask at once, the work is done once; what takes longer than `limit_ms` rejects, and is not begun again before it ended. */
export function singleFlight<T>(work: () => Promise<T>, limit_ms: number): () => Promise<T> {
  let under: Promise<T> | undefined;
  return () => {
    under ??= work().finally(() => (under = undefined));
    return inTime(under, limit_ms);
  };
}

async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
