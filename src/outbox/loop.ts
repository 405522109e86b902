import type { Log } from '../runtime/log.ts';

const AFTER_FAILURE_MS = 250;

export interface Loop {
  /** Begins the next round at once, or another one right after the round that is under way. */
  wake(): void;
  stop(): Promise<void>;
}

/** Repeats `round`, which returns how long to rest in ms (0: go on at once); a failed round is logged and repeated. */
export function startLoop(name: string, log: Log, round: () => Promise<number>): Loop {
  let stopped = false;
  let woken = false;
  let end = (): void => undefined;
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopped) return resolve();
      const timer = setTimeout(resolve, ms);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const isStopped = (): boolean => stopped; // it changes during awaits
  const running = (async () => {
    while (!isStopped()) {
      woken = false;
      const ms = await round().catch((error: unknown) => {
        log.warn({ err: error, loop: name }, 'loop failed');
        return AFTER_FAILURE_MS;
      });
      if (ms > 0) await rest(ms);
    }
  })();
  return {
    wake() {
      woken = true;
      end();
    },
    async stop() {
      stopped = true;
      end();
      await running;
    },
  };
}
