import type pg from 'pg';
import type { ClaimedRow } from '../domain/effect/effect.ts';
import { Interrupted } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { renew } from './sql/effects.ts';

/**
 * Long enough to sit out a restart of the database, in ms. Nobody waits for it after a kill on the same machine: there
 * the next process sees that the holder is dead (worker-name.ts). Only the loss of a whole machine costs this time.
 */
export const LEASE_MS = 15_000;
const RENEW_MS = 2000;
/** Children are stopped this long after the last sure renewal; stopping takes at most 5 s, so they are gone in time. */
const GIVE_UP_MS = 9500;

/** Whether a lease that was sure at this time (performance.now) can be relied on still. */
export const isFresh = (sure: number): boolean => performance.now() - sure <= GIVE_UP_MS;

interface Held {
  effect: ClaimedRow;
  controller: AbortController;
  sure: number; // performance.now() before the claim or renewal that is known to have worked
}

/** The effects that this worker holds; it renews them together and lets go in time when it cannot. */
export class Leases {
  readonly #pool: pg.Pool;
  readonly #worker: string;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  readonly #timer: NodeJS.Timeout;
  #renewing = false;

  constructor(pool: pg.Pool, worker: string, log: Log) {
    this.#pool = pool;
    this.#worker = worker;
    this.#log = log;
    this.#timer = setInterval(() => void this.#tick(), 500);
  }

  get size(): number {
    return this.#held.size;
  }

  /** Notes a claimed effect; the signal fires when the lease is lost or a person cancelled the effect. */
  hold(effect: ClaimedRow, since: number): AbortSignal {
    const controller = new AbortController();
    this.#held.get(effect.id)?.controller.abort(new Interrupted('the lease was lost'));
    this.#held.set(effect.id, { effect, controller, sure: since });
    if (effect.cancel_requested) controller.abort(new Error('aborted by a person'));
    return controller.signal;
  }

  /**
   * Throws when this attempt may not be ours any more. A worker that was frozen asks this before it begins anything: its
   * timers have not run yet.
   */
  confirm(effect: ClaimedRow): void {
    const held = this.#held.get(effect.id);
    if (held?.effect.fence !== effect.fence) throw new Interrupted('the lease was lost');
    if (!isFresh(held.sure)) this.#lose(held);
    held.controller.signal.throwIfAborted();
  }

  /** Lets go of this attempt; a later one of the same effect stays held. */
  release(effect: ClaimedRow): void {
    if (this.#held.get(effect.id)?.effect.fence === effect.fence) this.#held.delete(effect.id);
  }

  abortAll(reason: string): void {
    for (const { controller } of this.#held.values()) controller.abort(new Interrupted(reason));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    const now = performance.now();
    for (const held of this.#held.values()) if (!isFresh(held.sure)) this.#lose(held);
    const oldest = Math.min(...[...this.#held.values()].map((each) => each.sure));
    if (this.#renewing || now - oldest < RENEW_MS - 500) return;
    this.#renewing = true;
    try {
      await this.#renew();
    } catch (error) {
      this.#log.warn({ err: error }, 'leases not renewed');
    } finally {
      this.#renewing = false;
    }
  }

  #lose({ effect, controller }: Held): void {
    if (controller.signal.aborted) return;
    this.#log.warn({ effect: effect.key }, 'lease lost');
    controller.abort(new Interrupted('the lease was lost'));
  }

  async #renew(): Promise<void> {
    const before = performance.now();
    const asked = [...this.#held.values()];
    const ids = asked.map((held) => held.effect.id);
    const renewed = new Map((await renew(this.#pool, this.#worker, ids, LEASE_MS)).map((row) => [row.id, row]));
    for (const held of asked) {
      const row = renewed.get(held.effect.id);
      if (row?.fence !== held.effect.fence) {
        if (this.#held.get(held.effect.id) === held) held.controller.abort(new Interrupted('the lease was lost'));
      } else {
        if (row.renewed) held.sure = before;
        if (row.cancel_requested) held.controller.abort(new Error('aborted by a person'));
      }
    }
  }
}
