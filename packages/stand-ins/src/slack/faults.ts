import type { JsonObject } from '../../../../src/domain/json.ts';

/** What goes wrong. `apply_then_*`: the call takes effect, and only its answer is lost or wrong. Times are ms. */
export type FaultKind =
  | { kind: 'status'; status: number }
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'slow'; ms: number }
  | { kind: 'hang'; ms?: number }
  | { kind: 'reset' }
  | { kind: 'apply_then_reset' }
  | { kind: 'apply_then_hang'; ms?: number }
  | { kind: 'apply_then_status'; status: number }
  | { kind: 'error'; error: string; apply?: boolean };

export type Fault = FaultKind & {
  /** Only this method, e.g. `chat.postMessage`; every method when left out. */
  method?: string;
  /** How many calls it hits; for ever when left out. */
  times?: number;
  /** Let this many matching calls pass first. */
  after?: number;
  /** Only calls whose arguments satisfy this. */
  when?: (args: JsonObject) => boolean;
};

export interface ArmedFault {
  readonly fault: Fault;
  /** How many calls it has hit. */
  readonly hits: number;
  remove(): void;
}

interface Entry {
  fault: Fault;
  passed: number;
  hits: number;
}

/** The faults that tests and the sandbox's page ask for; the oldest that fits is used. */
export class Faults {
  #entries: Entry[] = [];

  add(fault: Fault): ArmedFault {
    const entry: Entry = { fault, passed: 0, hits: 0 };
    this.#entries.push(entry);
    return {
      fault,
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  clear(): void {
    this.#entries = [];
  }

  list(): Fault[] {
    return this.#entries.map((entry) => entry.fault);
  }

  /** The fault that hits this call, counted; undefined when the call is to go well. */
  take(method: string, args: JsonObject): Fault | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.when && !fault.when(args)) continue;
      if (fault.times !== undefined && entry.hits >= fault.times) continue;
      if (entry.passed < (fault.after ?? 0)) {
        entry.passed += 1;
        continue;
      }
      entry.hits += 1;
      return fault;
    }
    return undefined;
  }
}
