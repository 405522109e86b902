import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerSlot, restart, slotTimer } from '../../src/domain/incident/cadence.ts';
import { anIncident, later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const quarter = 15 * MINUTE;

describe('the cadence of updates', () => {
  it('answers a slot on time and promises the next one after the same pause, also over the end of February', () => {
    expect(answerSlot(1, T0, quarter, T0)).toEqual({ missed: 0, late_ms: 0, next: { slot: 2, due: later(quarter) } });
    expect(answerSlot(1, T0, quarter, T0).next.due.toISOString()).toBe('2028-03-01T00:05:00.000Z');
    expect(answerSlot(4, T0, quarter, later(800)).next).toEqual({ slot: 5, due: later(quarter) });
  });

  it.each([
    [quarter - 1, 0, 2, quarter],
    [quarter, 1, 3, 2 * quarter],
    [3.5 * quarter, 3, 5, 4 * quarter],
    [-5000, 0, 2, quarter],
  ])('that comes %i ms late stands for %i more slots', (late, missed, slot, due) => {
    expect(answerSlot(1, T0, quarter, later(late))).toEqual({
      missed,
      late_ms: Math.max(0, late),
      next: { slot, due: later(due) },
    });
  });

  it('keeps its beat for ever: the next slot is ahead, less than one pause away and on the old grid', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e8 }), fc.nat(1e10), (slot, every, late) => {
        const now = later(late);
        const { missed, next } = answerSlot(slot, T0, every, now);
        const ahead = next.due.getTime() - now.getTime();
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThanOrEqual(every);
        expect((next.due.getTime() - T0.getTime()) % every).toBe(0);
        expect(next.slot - slot).toBe((next.due.getTime() - T0.getTime()) / every);
        expect(missed).toBe(next.slot - slot - 1);
      }),
    );
  });

  it('starts anew from now, and timers of the old promise have other names', () => {
    const { patch, timer } = restart({ id: 7, cadence: 3 }, quarter, later(777));
    expect(patch).toEqual({ cadence: 4, update_slot: 1, next_update_due: later(777 + quarter) });
    expect(timer).toEqual(slotTimer(7, 4, 1, later(777 + quarter)));
    expect(timer).toMatchObject({
      kind: 'cadence.fire',
      queue: 'timers',
      key: 'cadence:7:4:1',
      due_at: later(777 + quarter),
    });
    expect(timer.payload).toEqual({ incident: 7, cadence: 4, slot: 1, due: later(777 + quarter).toISOString() });
  });

  it('names every slot of every promise of every incident differently', () => {
    const keys = [1, 11].flatMap((id) =>
      [1, 11].flatMap((cadence) => [1, 11].map((slot) => slotTimer(id, cadence, slot, T0).key)),
    );
    expect(new Set(keys).size).toBe(8);
    expect(restart(anIncident(), quarter, T0).timer.key).toBe(restart(anIncident(), quarter, later(5)).timer.key);
  });
});
