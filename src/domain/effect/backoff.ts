import type { EffectKind } from './effect.ts';

/** Milliseconds before attempt `attempt + 1` when the other side named no time: doubling from `first`, capped. */
export function backoff(attempt: number, first: number, cap: number, factor = 2): number {
  return Math.min(cap, Math.round(first * factor ** Math.max(0, attempt - 1)));
}

/** A timer is intended long before it is due, and what it ends has no other end. */
const TIMER = { give_up_after: Infinity, cap: 30_000 };

/**
 * How long each kind of send keeps trying, in milliseconds from when it was intended, and its widest pause.
 * A page is worth waking someone for as long as nobody answered; a notice that is a day late informs nobody.
 */
const PATIENCE: Partial<Record<EffectKind, { give_up_after: number; cap: number }>> = {
  'escalation.fire': TIMER,
  'cadence.fire': TIMER,
  'approval.expire': TIMER,
  'step.wake': TIMER,
  'pager.send': { give_up_after: 7 * 86_400_000, cap: 15_000 },
};
const NOTICES = { give_up_after: 86_400_000, cap: 30_000 };

/** When to try again, or null to give up. */
export function nextAttempt(
  effect: { kind: EffectKind; attempts: number; created_at: Date },
  asked_ms: number,
  now: Date,
): Date | null {
  const { give_up_after, cap } = PATIENCE[effect.kind] ?? NOTICES;
  if (now.getTime() - effect.created_at.getTime() > give_up_after) return null;
  return new Date(now.getTime() + Math.max(asked_ms, asked_ms > 0 ? 0 : backoff(effect.attempts, 500, cap)));
}
