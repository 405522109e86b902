import type { Claimant, ClaimedRow } from '../../domain/effect/effect.ts';
import type { VerbDeps } from '../context.ts';
import { isAway, isLostRace } from '../../postgres/db.ts';
import { recordStepResults, type StepReport } from './record-step-results.ts';

interface Waiting {
  report: StepReport;
  resolve(claimed: ClaimedRow[]): void;
  reject(error: unknown): void;
}

/** Results written in one transaction; more would keep the first of them waiting for the last. */
const MAX_BATCH = 50;
/**
 * Gathers results that arrive while an earlier transaction is under way and writes them together: this costs no step any
 * time and saves most of the commits.
 */
export class StepLedger {
  readonly #deps: VerbDeps;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(deps: VerbDeps) {
    this.#deps = deps;
  }

  /** Resolves once the result is in the database, with the effects to continue with. */
  record(report: StepReport, continuation: Claimant): Promise<ClaimedRow[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ report, resolve, reject });
      if (!this.#writing) void this.#drain(continuation);
    });
  }

  /**
   * Before each transaction one turn of the event loop lets short steps that the last one began report as well; without
   * it they would fall into two groups for ever that wait for each other's transactions.
   */
  async #drain(continuation: Claimant): Promise<void> {
    this.#writing = true;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#waiting.splice(0, MAX_BATCH);
      if (batch.length === 0) break;
      await this.#write(batch, continuation);
    }
    this.#writing = false;
  }

  /**
   * One bad report, or one incident that somebody keeps locked, must not hold up the others: a batch that fails is written
   * by incident, all at once, then one by one. What fails for a while is repeated by those who report it.
   */
  async #write(batch: Waiting[], continuation: Claimant): Promise<void> {
    try {
      const reports = batch.map((each) => each.report);
      const claimed = await recordStepResults(this.#deps, reports, continuation);
      batch.forEach((each, index) => each.resolve(index === 0 ? claimed : []));
    } catch (error) {
      const incidents = byIncident(batch);
      if (batch.length === 1 || isAway(error) || (incidents.length === 1 && isLostRace(error))) {
        for (const each of batch) each.reject(error);
      } else if (incidents.length > 1) {
        await Promise.all(incidents.map((part) => this.#write(part, continuation)));
      } else for (const each of batch) await this.#write([each], continuation);
    }
  }
}

function byIncident(batch: Waiting[]): Waiting[][] {
  const ids = new Set(batch.map(({ report }) => report.incident));
  return [...ids].map((id) => batch.filter(({ report }) => report.incident === id));
}
