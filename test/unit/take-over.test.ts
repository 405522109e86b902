import { describe, expect, it } from 'vitest';
import { takeOver, type LeftBehind } from '../../src/domain/run/take-over.ts';

const NOTHING: LeftBehind = { ended: 0, alive: [], elsewhere: [], frozen: [], blind: false };
const once = { side_effect: 'once', uses: 'command' } as const;
const idempotent = { side_effect: 'idempotent', uses: 'command' } as const;
const left = (more: Partial<LeftBehind>): LeftBehind => ({ ...NOTHING, ...more });

describe('whoever takes over an interrupted attempt', () => {
  it('looks whether a once-step happened, and acts again on the others', () => {
    expect(takeOver(once)).toMatchObject({ kind: 'look', absent: null });
    expect(takeOver(idempotent)).toEqual({ kind: 'act' });
  });

  it('acts beside nothing that still runs, and names it', () => {
    const alive = left({ alive: ['pid 7 (pg_restore)'] });
    for (const step of [once, idempotent]) {
      expect(takeOver(step, alive)).toEqual({
        kind: 'report',
        result: { kind: 'unknown', running: true, error: expect.stringContaining('pid 7 (pg_restore)') as string },
      });
    }
    expect(takeOver({ side_effect: 'none', uses: 'command' }, alive)).toEqual({ kind: 'act' });
  });

  it('leaves a once-step to a person where nobody can know: another machine, a frozen worker’s request', () => {
    const far = takeOver(once, left({ elsewhere: ['pid 7 on db-1'] }));
    expect(far).toMatchObject({ kind: 'look', absent: expect.stringContaining('pid 7 on db-1') as string });
    const frozen = left({ frozen: ['pid 7 on db-1'] });
    expect(takeOver({ ...once, uses: 'http' }, frozen)).toMatchObject({
      absent: expect.stringContaining('does not answer and may go on') as string,
    });
    expect(takeOver(once, frozen)).toMatchObject({ absent: null });
  });

  it('of a run that is aborted says what it ended, what it could not, and what cannot be known', () => {
    expect(takeOver(idempotent, left({ ended: 2, blind: true }), 'aborted by a person')).toEqual({
      kind: 'report',
      result: {
        kind: 'unknown',
        error:
          'aborted by a person, after it was interrupted and may have happened; 2 of its processes still ran and were ended; what left its session and its environment cannot be known here',
      },
    });
    const rest = takeOver(once, left({ alive: ['pid 9 (x)'], elsewhere: ['pid 7 on db-1'] }), 'aborted by a person');
    expect(JSON.stringify(rest)).toMatch(/pid 9 \(x\).*pid 7 on db-1/);
    expect(takeOver({ side_effect: 'none', uses: 'tcp' }, NOTHING, 'aborted by a person')).toEqual({
      kind: 'report',
      result: { kind: 'failed', error: 'aborted by a person' },
    });
  });
});
