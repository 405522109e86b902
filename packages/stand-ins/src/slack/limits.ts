export type Tier = 1 | 2 | 3 | 4 | 'post' | 'special';

/** Calls a minute per method and workspace. Source: Slack, Web API rate limits (T1 1+, T2 20+, T3 50+, T4 100+). */
const perMinute: Record<Exclude<Tier, 'post' | 'special'>, number> = { 1: 1, 2: 20, 3: 50, 4: 100 };

/** Slack: 1 message per second and channel, short bursts tolerated; two tokens absorb the jitter of a paced sender. */
const postBurst = 2;

interface Bucket {
  tokens: number;
  at: number;
}

/** Counts calls against Slack's limits; `take` says how many seconds to wait, 0 when the call may go on. */
export class RateLimits {
  mode: 'off' | 'real' = 'off';
  #windows = new Map<string, number[]>();
  #buckets = new Map<string, Bucket>();

  take(method: string, tier: Tier, channel: string, now: number): number {
    if (this.mode === 'off' || tier === 'special') return 0;
    return tier === 'post'
      ? this.#takeToken(`${method} ${channel}`, now)
      : this.#takeSlot(method, perMinute[tier], now);
  }

  clear(): void {
    this.#windows.clear();
    this.#buckets.clear();
  }

  #takeSlot(key: string, limit: number, now: number): number {
    const recent = (this.#windows.get(key) ?? []).filter((at) => at > now - 60_000);
    this.#windows.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= limit && oldest !== undefined) return Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000));
    recent.push(now);
    return 0;
  }

  #takeToken(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? { tokens: postBurst, at: now };
    const tokens = Math.min(postBurst, bucket.tokens + (now - bucket.at) / 1000);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil(1 - tokens));
  }
}
