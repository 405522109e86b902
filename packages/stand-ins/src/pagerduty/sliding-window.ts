/** A pace of at most `limit` calls per key in any `span_ms` milliseconds. */
export class SlidingWindow {
  limit: number;
  private readonly span_ms: number;
  private readonly taken = new Map<string, number[]>();

  constructor(limit: number, span_ms: number) {
    this.limit = limit;
    this.span_ms = span_ms;
  }

  /** Takes one call; returns 0, or the milliseconds to wait when the pace is exceeded (then nothing is taken). */
  take(key: string): number {
    const now = performance.now();
    const recent = (this.taken.get(key) ?? []).filter((at) => at > now - this.span_ms);
    this.taken.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= this.limit) return oldest === undefined ? this.span_ms : oldest + this.span_ms - now;
    recent.push(now);
    return 0;
  }

  left(key: string): number {
    return Math.max(0, this.limit - (this.taken.get(key)?.length ?? 0));
  }

  clear(): void {
    this.taken.clear();
  }
}
