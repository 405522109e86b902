import type { Log } from './log.ts';

/** What was acquired, released last in, first out; a release that fails does not keep the others from running. */
export class Shutdown {
  readonly #steps: { name: string; release: () => Promise<void> | void }[] = [];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  add(name: string, release: () => Promise<void> | void): void {
    this.#steps.push({ name, release });
  }

  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.release();
      } catch (error) {
        this.#log.warn({ err: error, step: step.name }, 'release failed');
      }
    }
  }
}
