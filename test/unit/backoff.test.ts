import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff, nextAttempt } from '../../src/domain/effect/backoff.ts';
import type { EffectKind } from '../../src/domain/effect/effect.ts';
import { later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const DAY = 1440 * MINUTE;
const wait = (kind: EffectKind, attempts: number, asked_ms: number, age: number): number | null => {
  const at = nextAttempt({ kind, attempts, created_at: T0 }, asked_ms, later(age));
  return at && at.getTime() - T0.getTime() - age;
};

describe('back-off', () => {
  it('doubles from the first pause to the cap', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => backoff(attempt, 500, 3000))).toEqual([500, 1000, 2000, 3000, 3000]);
    expect([1, 2, 3].map((attempt) => backoff(attempt, 100, 10_000, 1.5))).toEqual([100, 150, 225]);
  });

  it('never falls, never passes its cap, and is a number for any attempt', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        (n, first, cap) => {
          const [now, next] = [backoff(n, first, cap), backoff(n + 1, first, cap)];
          expect(Number.isInteger(now)).toBe(true);
          expect(now).toBeLessThanOrEqual(next);
          expect(next).toBeLessThanOrEqual(cap);
        },
      ),
    );
  });

  it('waits as long as the other side asked, and else by itself', () => {
    expect(wait('message.post', 1, 7000, 0)).toBe(7000);
    expect(wait('message.post', 3, 0, 0)).toBe(2000);
    expect(wait('message.post', 2000, 0, 0)).toBe(10_000);
    expect(wait('pager.send', 2000, 0, 0)).toBe(15_000);
  });

  it('gives a notice a day, a page a week and the channel a minute, in which the next try must come', () => {
    expect(wait('message.post', 9, 1000, DAY - 1000)).toBe(1000);
    expect(wait('message.post', 9, 1000, DAY - 999)).toBe(null);
    expect(wait('pager.send', 9, 1000, 7 * DAY - 1000)).toBe(1000);
    expect(wait('pager.send', 9, 1000, 7 * DAY - 999)).toBe(null);
    expect(wait('channel.open', 1, 90_000, 0)).toBe(null);
  });

  it.each(['step.wake', 'approval.expire', 'escalation.fire', 'cadence.fire'] as const)(
    'never gives up a timer, which may be due days after it was intended: %s',
    (kind) => {
      expect(wait(kind, 1, 0, 30 * DAY)).toBe(500);
    },
  );
});
