import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<(now: Date) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, anew every half minute where `moving`; one timer serves the whole page. */
export function useNow(moving: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!moving) return undefined;
    listeners.add(setNow);
    timer ??= setInterval(() => {
      const at = new Date();
      for (const tell of listeners) tell(at);
    }, 30_000);
    return () => {
      listeners.delete(setNow);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, [moving]);
  return now;
}
