import type pg from 'pg';
import type { ClaimedRow, QueueName } from '../domain/effect/effect.ts';
import type { Log } from '../runtime/log.ts';
import { LEASE_MS } from './leases.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Slots } from './slots.ts';
import { blockWaiting, claimDue } from './sql/due.ts';
import type { TransportHealth } from './transport-health.ts';

/** What the transport has not brought for this long is claimed without it, in ms. */
const PATIENCE_MS = 2000;
/** While the transport brings others, one that it holds for this long is lost, in ms. */
const LOST_MS = 10_000;
/** A lost wake-up costs at most this, in ms. */
const REST_MS = 1000;

export interface DirectClaimOptions {
  queue: QueueName;
  pool: pg.Pool;
  /** Absent where no transport carries the queue: then everything is claimed as soon as it is due. */
  health: TransportHealth | undefined;
  slots: Slots;
  /** The sites whose effects this worker may take; those of no site ('') it always may. */
  sites: () => string[];
  kinds: string[];
  worker: string;
  log: Log;
  /** Begins a claimed effect, which gives its slot back at its end. */
  begin: (effect: ClaimedRow, since: number) => void;
}

/**
 * Claims due effects of one queue straight from PostgreSQL: at once those that no transport carries, which are pages, what
 * belongs to a site, and everything while the transport is silent; the rest when the transport left them lying.
 */
export function startDirectClaims(options: DirectClaimOptions): Loop {
  const { queue, pool, health, slots, kinds, worker, log, begin } = options;
  return startLoop(`claims of ${queue}`, log, async () => {
    if (slots.free === 0) return REST_MS;
    const waits = health && !health.isSilent ? PATIENCE_MS : 0;
    const sites = new Map([['', waits], ...options.sites().map((site): [string, number] => [site, 0])]);
    const quiet = !health || health.quiet_ms > PATIENCE_MS;
    const limit = slots.free;
    const since = performance.now();
    const { claimed, overdue, crowded, more, next_ms } = await claimDue(pool, {
      ...{ queue, sites, kinds, worker },
      queued_ms: waits === 0 || quiet ? waits : LOST_MS,
      limit,
      lease_ms: LEASE_MS,
    });
    for (const effect of claimed) {
      slots.take();
      begin(effect, since);
    }
    if (overdue > 0 && quiet) health?.failed();
    if (crowded && (await blockWaiting(pool, queue, [...sites.keys()])) > 0) return 0;
    // A slot that becomes free when all were taken wakes this loop.
    if (claimed.length === limit || (more && claimed.length > 0)) return slots.free > 0 ? 0 : REST_MS;
    return Math.min(REST_MS, Math.max(1, next_ms ?? REST_MS));
  });
}
