/** How long a transport that failed is left alone, in ms, doubling up to the longest pause. */
const PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * What this process knows of the transport of one queue. While it counts as silent, effects are claimed from PostgreSQL
 * as they fall due; after the pause the next effect tries it again.
 */
export class TransportHealth {
  #silentUntil = -Infinity;
  #pause = PAUSE_MS;
  #delivered = -Infinity;

  get isSilent(): boolean {
    return performance.now() < this.#silentUntil;
  }

  /** Milliseconds since the transport delivered anything. */
  get quiet_ms(): number {
    return performance.now() - this.#delivered;
  }

  /** It refused, did not answer in time, or did not deliver what it took. */
  failed(): void {
    if (this.isSilent) return;
    this.#silentUntil = performance.now() + this.#pause;
    this.#pause = Math.min(LONGEST_PAUSE_MS, 2 * this.#pause);
  }

  delivered(): void {
    this.#delivered = performance.now();
    this.#silentUntil = -Infinity;
    this.#pause = PAUSE_MS;
  }
}
