import { EFFECTS, type EffectKind } from './definitions.ts';

/** Milliseconds before attempt `attempt + 1` when the other side named no time: doubling from `first`, capped. */
export function backoff(attempt: number, first: number, cap: number, factor = 2): number {
  return Math.min(cap, Math.round(first * factor ** Math.max(0, attempt - 1)));
}

/** When to try again, or null to give up; `asked_ms` is what the other side asked for (0: nothing). */
export function nextAttempt(
  effect: { kind: EffectKind; attempts: number; created_at: Date },
  asked_ms: number,
  now: Date,
): Date | null {
  const { give_up_after_ms, cap_ms } = EFFECTS[effect.kind].patience;
  const next = now.getTime() + (asked_ms > 0 ? asked_ms : backoff(effect.attempts, 500, cap_ms));
  return next - effect.created_at.getTime() > give_up_after_ms ? null : new Date(next);
}
