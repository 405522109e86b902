import pg from 'pg';
import type { Log } from '../runtime/log.ts';
import { expireLeases, holders, msToNextDue, takeBack, takeDue, takeForgotten, type HandOver } from './sql/effects.ts';
import { forgetOldArrivals } from '../store/request/deduplicate.ts';
import type { Transport } from './transport.ts';
import { isDead } from './worker-name.ts';

const BATCH = 200;
/** A lost wake-up costs at most this, in ms. */
const SWEEP_MS = 1000;
/** An effect that was handed over and not claimed for this long (and then twice as long) is handed over again, in ms. */
const FORGOTTEN_MS = 1000;
const HOUSEKEEPING_MS = 600_000;

export interface Relay {
  stop(): Promise<void>;
}

/** Hands due effects to the queue as soon as they are due, and again when they seem lost. Any number may run. */
export function startRelay(pool: pg.Pool, url: string, transport: Transport, log: Log): Relay {
  let stopped = false;
  let wake = (): void => undefined;
  let woken = false;
  const signal = (): void => {
    woken = true;
    wake();
  };
  const listener = listen(url, signal, log);
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopped) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const hand = async (effects: HandOver[]): Promise<void> => {
    for (const queue of new Set(effects.map((each) => each.queue))) {
      const handOvers = effects.filter((each) => each.queue === queue);
      try {
        await transport.send(queue, handOvers);
      } catch (error) {
        // Else each try while the queue is away would double the wait before the next one.
        await takeBack(pool, effects);
        throw error;
      }
    }
  };
  let swept = 0;
  let housekept = 0;
  const round = async (): Promise<number> => {
    const now = performance.now();
    if (now - swept >= SWEEP_MS) {
      const expired = await expireLeases(pool, (await holders(pool)).filter(isDead));
      if (expired > 0) log.warn({ expired }, 'leases expired');
      await hand(await takeForgotten(pool, FORGOTTEN_MS, swept === 0));
      swept = now;
    }
    if (now - housekept >= HOUSEKEEPING_MS) {
      await forgetOldArrivals(pool);
      housekept = now;
    }
    const due = await takeDue(pool, BATCH);
    await hand(due);
    if (due.length === BATCH) return 0;
    return Math.min(SWEEP_MS, Math.max(1, (await msToNextDue(pool)) ?? SWEEP_MS));
  };
  const isStopped = (): boolean => stopped;
  const loop = (async () => {
    while (!isStopped()) {
      woken = false;
      const wait = await round().catch((error: unknown) => {
        log.warn({ err: error }, 'relay failed');
        return 250;
      });
      if (wait > 0) await pause(wait);
    }
  })();
  return {
    async stop() {
      stopped = true;
      wake();
      await loop;
      await listener.stop();
    },
  };
}

/** Listens for wake-ups, connecting again after each break; what is missed meanwhile the sweep finds. */
function listen(url: string, onWake: () => void, log: Log): { stop(): Promise<void> } {
  let stopped = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    if (stopped) return;
    const next = new pg.Client({ connectionString: url, application_name: 'lifeboat-relay', keepAlive: true });
    const again = (): void => {
      if (stopped || client !== next) return;
      client = undefined;
      setTimeout(() => void connect(), 250);
    };
    next.on('error', (error) => {
      log.debug({ err: error }, 'relay listener lost');
      again();
    });
    next.on('end', again);
    next.on('notification', onWake);
    client = next;
    try {
      await next.connect();
      await next.query('listen lifeboat_effect');
      onWake();
    } catch {
      next.end().catch(() => undefined);
      again();
    }
  };
  const first = connect();
  return {
    async stop() {
      stopped = true;
      await first;
      await client?.end().catch(() => undefined);
    },
  };
}
