export type Api = 'events' | 'rest';

/** A way to misbehave. After `apply_…` the request has had its effect, but the caller cannot know. */
type FaultKind =
  /** Answers this status and has no effect. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  /** Takes the request, stays silent for `ms` milliseconds, then cuts the connection; no effect. */
  | { kind: 'hang'; ms: number }
  | { kind: 'reset' }
  | { kind: 'apply_then_hang' }
  | { kind: 'apply_then_reset' };

export type Fault = FaultKind & {
  /** How many requests it hits; 1 unless told. */
  times?: number;
  api?: Api;
  method?: string;
  /** Matched against path and query. */
  path?: RegExp;
};

/** The faults in wait: the first that fits a request hits it. */
export class Faults {
  private waiting: (Fault & { left: number })[] = [];
  private readonly delays = new Map<Api, number>();

  add(fault: Fault): void {
    this.waiting.push({ ...fault, left: fault.times ?? 1 });
  }

  take(api: Api, method: string, path: string): Fault | undefined {
    const hit = this.waiting.find(
      (fault) => (fault.api ?? api) === api && (fault.method ?? method) === method && (fault.path?.test(path) ?? true),
    );
    if (hit) hit.left -= 1;
    this.waiting = this.waiting.filter((fault) => fault.left > 0);
    return hit;
  }

  /** Delays each answer by `ms` milliseconds; the request has its effect after the delay, even if nobody waits any more. */
  delay(ms: number, api?: Api): void {
    for (const one of api ? [api] : (['events', 'rest'] as const)) this.delays.set(one, ms);
  }

  delayOf(api: Api): number {
    return this.delays.get(api) ?? 0;
  }

  /** How many requests the faults in wait will still hit. */
  get left(): number {
    return this.waiting.reduce((sum, fault) => sum + fault.left, 0);
  }

  clear(): void {
    this.waiting = [];
    this.delays.clear();
  }
}
