import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { EFFECTS } from '../domain/effect/definitions.ts';
import { COALESCED_MS, OUTPUT_MS, RESULTS_MS } from '../domain/effect/retention.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { deleteOldOffers } from '../store/incident/offers.ts';
import { forgetOldArrivals } from '../store/request/deduplicate.ts';
import { deleteOldEffects, deleteOldOutput, deleteOverPaces, forgetOldResults, type Walked } from './sql/retention.ts';

const MINUTE_MS = 60_000;
/** Rows of a batch; output is up to 64 KB a row. */
const BATCH = { effects: 1000, output: 100, runs: 50, small: 1000 } as const;
/** Between two batches, in ms, so that a walk over millions of rows is felt by nobody. */
const PAUSE_MS = 50;

const RETENTION_MS = Object.fromEntries(
  Object.entries(EFFECTS).map(([kind, { retention_ms }]) => [kind, retention_ms]),
);

export interface Housekeeping {
  stop(): Promise<void>;
}

export interface HousekeepingOptions {
  /** Between two walks over everything, in ms. */
  every_ms?: number;
  pause_ms?: number;
}

/** Deletes what is over and kept for long enough, in small batches, in a loop of its own. Any number may run. */
export function startHousekeeping(
  pool: pg.Pool,
  log: Log,
  { every_ms = 60 * MINUTE_MS, pause_ms = PAUSE_MS }: HousekeepingOptions = {},
): Housekeeping {
  const stopping = new AbortController();
  const { signal } = stopping;
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  const walk = async (step: (after: string) => Promise<Walked>, batch: number): Promise<number> => {
    let removed = 0;
    let after = '0';
    while (!signal.aborted) {
      const walked = await step(after);
      removed += walked.removed;
      if (walked.last === null || walked.seen < batch) break;
      after = walked.last;
      await wait(pause_ms);
    }
    return removed;
  };
  const drain = async (step: () => Promise<number>): Promise<void> => {
    while (!signal.aborted && (await step()) === BATCH.small) await wait(pause_ms);
  };
  const small = async (): Promise<void> => {
    await drain(() => deleteOverPaces(pool, BATCH.small));
    await drain(() => forgetOldArrivals(pool, BATCH.small));
    await drain(() => deleteOldOffers(pool, BATCH.small));
  };
  const all = async (): Promise<void> => {
    const effects = await walk(
      (after) => deleteOldEffects(pool, after, BATCH.effects, RETENTION_MS, COALESCED_MS),
      BATCH.effects,
    );
    const output = await walk((after) => deleteOldOutput(pool, after, BATCH.output, OUTPUT_MS), BATCH.output);
    const results = await walk((after) => forgetOldResults(pool, after, BATCH.runs, RESULTS_MS), BATCH.runs);
    if (effects + output + results > 0) log.info({ effects, output, results }, 'history deleted');
  };
  const attempt = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => log.warn({ err: messageOf(error) }, 'housekeeping failed'));
  const loop = (async () => {
    // Processes that start together walk at different times.
    let walked = performance.now() - every_ms * Math.random();
    while (!signal.aborted) {
      await attempt(small);
      if (performance.now() - walked >= every_ms) {
        walked = performance.now();
        await attempt(all);
      }
      await wait(Math.min(MINUTE_MS, every_ms));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
