import type pg from 'pg';
import { openPool } from './db.ts';

/**
 * A process's connections by what waits for them, so that no kind of work can keep another from the database: leases and
 * claims, pages, what people ask for, and the rest of the jobs.
 */
const SIZES = { engine: 2, urgent: 4, requests: 2, work: 2 } as const;

export type Pools = Record<keyof typeof SIZES, pg.Pool> & { end(): Promise<void> };

/** Opens the pools; a connection is made when it is first needed. */
export function openPools(url: string, onError: (error: Error) => void): Pools {
  const open = (size: number): pg.Pool => {
    const pool = openPool(url, size, onError);
    // The pool hears only of connections that nobody uses; one that breaks between two queries would end the process.
    pool.on('connect', (client) => client.on('error', onError));
    return pool;
  };
  const { engine, urgent, requests, work } = SIZES;
  const pools = { engine: open(engine), urgent: open(urgent), requests: open(requests), work: open(work) };
  return {
    ...pools,
    end: async () => {
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    },
  };
}
