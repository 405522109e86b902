import type pg from 'pg';
import type { Log } from '../runtime/log.ts';
import { startLoop, type Loop } from './loop.ts';
import { expireLeases, holders } from './sql/effects.ts';
import { isDead } from './worker-name.ts';

const SWEEP_MS = 1000;

/** Takes effects back from workers that died or lost their leases; asks nothing of the transport. */
export function startSweep(pool: pg.Pool, log: Log): Loop {
  return startLoop('sweep', log, async () => {
    const expired = await expireLeases(pool, (await holders(pool)).filter(isDead));
    if (expired > 0) log.warn({ expired }, 'leases expired');
    return SWEEP_MS;
  });
}
