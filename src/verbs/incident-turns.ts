import { within } from '../runtime/deadline.ts';
import { busy } from '../runtime/errors.ts';

/** How long a change waits for the one before it in this process, in ms; Slack shows a failure after 3 s. */
const WAIT_MS = 2000;

/**
 * Changes of one incident, one after the other in this process: twenty presses on a locked incident then hold one
 * connection, and not all that there are. Other processes are kept out by the lock of the incident's row.
 */
export class IncidentTurns {
  readonly #last = new Map<number, Promise<void>>();

  /** Runs `work` when the earlier changes of all these incidents are over; throws `busy` when that takes too long. */
  async run<T>(incidents: number[], work: () => Promise<T>, wait_ms = WAIT_MS): Promise<T> {
    const ends: (() => void)[] = [];
    try {
      // In the order of their numbers, so that two who change several never wait for each other in a ring.
      for (const id of [...new Set(incidents)].sort((a, b) => a - b)) await this.#begin(id, wait_ms, ends);
      return await work();
    } finally {
      for (const end of ends) end();
    }
  }

  async #begin(id: number, wait_ms: number, ends: (() => void)[]): Promise<void> {
    const before = this.#last.get(id);
    const mine = new Promise<void>((resolve) => ends.push(resolve));
    const all = before ? before.then(() => mine) : mine;
    this.#last.set(id, all);
    void all.then(() => this.#last.get(id) === all && this.#last.delete(id));
    if (!before) return;
    await within(wait_ms, 'the change before', before).catch((cause: unknown) => {
      throw busy(cause);
    });
  }
}
