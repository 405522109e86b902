import type pg from 'pg';
import type { ClaimedRow, QueueName } from '../domain/effect/effect.ts';
import type { Log } from '../runtime/log.ts';
import { startDirectClaims } from './direct-claims.ts';
import { startHandOver } from './hand-over.ts';
import { LEASE_MS } from './leases.ts';
import type { WakeUps } from './wake-ups.ts';
import { isUrgent, QUEUES } from './queues.ts';
import { Slots } from './slots.ts';
import { claim } from './sql/effects.ts';
import { TransportHealth } from './transport-health.ts';
import type { Transport } from './transport.ts';

export interface OutboxPools {
  /** For leases and for what hands over and claims ordinary effects. */
  engine: pg.Pool;
  /** For pages and escalation alone. */
  urgent: pg.Pool;
}

export interface ServeOptions {
  queue: QueueName;
  /** How many of its effects are worked on at a time. */
  limit: number;
  pools: OutboxPools;
  transport: Transport;
  wakeUps: WakeUps;
  /** The sites whose steps this process may take. */
  sites: () => string[];
  kinds: string[];
  worker: string;
  log: Log;
  /** Does a claimed effect; never rejects. */
  perform: (effect: ClaimedRow, since: number) => Promise<void>;
}

export interface ServedQueue {
  /** Hears of sites that came since. */
  wake(): void;
  /** Ends its loops; what the transport brings later is left to others. */
  stop(): Promise<void>;
}

/** Works on one queue of this process: takes what the transport brings and what only PostgreSQL knows, within one limit. */
export function serveQueue(options: ServeOptions): ServedQueue {
  const { queue, transport, wakeUps, worker, log } = options;
  const pool = isUrgent(queue) ? options.pools.urgent : options.pools.engine;
  const { carried } = QUEUES[queue];
  const health = carried ? new TransportHealth() : undefined;
  let stopped = false;
  const isStopped = (): boolean => stopped; // it changes during awaits

  const slots = new Slots(options.limit, () => claims.wake());
  const perform = (effect: ClaimedRow, since: number): Promise<void> =>
    options.perform(effect, since).finally(() => slots.release());
  const claims = startDirectClaims({
    ...{ queue, pool, health, slots, worker, log, sites: options.sites, kinds: options.kinds },
    begin: (effect, since) => void perform(effect, since),
  });
  const handOver = health && startHandOver({ queue, pool, transport, health, log, onFailure: () => claims.wake() });

  const deliver = async (id: string): Promise<void> => {
    health?.delivered();
    await slots.wait();
    const since = performance.now();
    const effect = isStopped()
      ? null
      : await claim(pool, id, worker, LEASE_MS, options.kinds).catch((error: unknown) => {
          log.warn({ err: error, effect: id }, 'effect not claimed');
          return null;
        });
    if (effect) await perform(effect, since);
    else slots.release();
  };
  if (carried) transport.receive(queue, options.limit, deliver);

  wakeUps.on(queue, (site) => {
    if (handOver && site === '') handOver.wake();
    if (!health || health.isSilent || options.sites().includes(site)) claims.wake();
  });
  return {
    wake: () => claims.wake(),
    async stop() {
      stopped = true;
      await Promise.all([claims.stop(), handOver?.stop()]);
    },
  };
}
