import type { ClaimedEffect, Taker } from '../domain/effect.ts';
import type { VerbDeps } from './context.ts';
import { recordStepResults, type StepReport } from './record-step-results.ts';

interface Waiting {
  report: StepReport;
  resolve(taken: ClaimedEffect[]): void;
  reject(error: unknown): void;
}

/**
 * Gathers results that arrive while an earlier transaction of the same incident is under way and writes them together:
 * an incident has one writer, so this costs no step any time and saves all but one commit.
 */
export class StepLedger {
  readonly #deps: VerbDeps;
  readonly #waiting = new Map<number, Waiting[]>();

  constructor(deps: VerbDeps) {
    this.#deps = deps;
  }

  /** Resolves once the result is in the database, with the effects that were taken over in the same transaction. */
  record(incident: number, report: StepReport, taker: Taker): Promise<ClaimedEffect[]> {
    return new Promise((resolve, reject) => {
      const entry = { report, resolve, reject };
      const line = this.#waiting.get(incident);
      if (line) {
        line.push(entry);
        return;
      }
      this.#waiting.set(incident, [entry]);
      void this.#drain(incident, taker);
    });
  }

  async #drain(incident: number, taker: Taker): Promise<void> {
    for (let batch = this.#next(incident); batch.length > 0; batch = this.#next(incident)) {
      await this.#write(incident, batch, taker);
    }
    this.#waiting.delete(incident);
  }

  #next(incident: number): Waiting[] {
    return this.#waiting.get(incident)?.splice(0) ?? [];
  }

  /** One bad report must not hold up the others: a batch that fails is written one by one. */
  async #write(incident: number, batch: Waiting[], taker: Taker): Promise<void> {
    try {
      const reports = batch.map((each) => each.report);
      const taken = await recordStepResults(this.#deps, incident, reports, taker);
      batch.forEach((each, index) => each.resolve(index === 0 ? taken : []));
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const each of batch) await this.#write(incident, [each], taker);
    }
  }
}
