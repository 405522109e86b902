/** How many effects of one queue a process works on at a time, whichever way they came. */
export class Slots {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  readonly #onFree: () => void;
  #taken = 0;

  /** `onFree` hears when a slot becomes free in a queue whose slots were all taken. */
  constructor(limit: number, onFree: () => void) {
    this.#limit = limit;
    this.#onFree = onFree;
  }

  get free(): number {
    return Math.max(0, this.#limit - this.#taken);
  }

  take(): void {
    this.#taken += 1;
  }

  /** Takes a slot as soon as one is free, in the order of asking. */
  async wait(): Promise<void> {
    if (this.free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.take();
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) return next();
    this.#taken -= 1;
    if (this.free === 1) this.#onFree();
  }
}
