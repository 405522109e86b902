import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTIVE, OVER, type StepState } from '../../src/domain/run/model.ts';
import { move, STEP_TRANSITIONS, type StepTransition } from '../../src/domain/run/transitions.ts';
import { blankRow } from '../support/run-driver.ts';

const STATES: readonly StepState[] = [
  ...(['pending', 'ready', 'running', 'waiting_approval', 'waiting_manual', 'succeeded', 'failed'] as const),
  ...(['timed_out', 'unknown', 'skipped', 'cancelled'] as const),
];
const NAMES = Object.keys(STEP_TRANSITIONS) as StepTransition[];
const table = STEP_TRANSITIONS as Record<StepTransition, { from: readonly StepState[]; to: StepState }>;

describe('the table of step transitions', () => {
  it.each(STATES.flatMap((state) => NAMES.map((name): [StepState, StepTransition] => [state, name])))(
    'from %s: %s goes where the table says, or nowhere',
    (state, name) => {
      const row = { ...blankRow('x', 0, 'main'), state };
      if (!table[name].from.includes(state)) {
        expect(() => move(row, name)).toThrow(`step x is ${state}, which cannot ${name}`);
        expect(row.state).toBe(state);
        return;
      }
      move(row, name);
      expect(row.state).toBe(table[name].to);
    },
  );

  it('leads from pending to every state, and from a state that is over nowhere', () => {
    const reached = new Set<StepState>(['pending']);
    for (let before = 0; before !== reached.size;) {
      before = reached.size;
      for (const { from, to } of Object.values(table)) if (from.some((state) => reached.has(state))) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...STATES].sort());
    for (const state of OVER) expect(NAMES.filter((name) => table[name].from.includes(state))).toEqual([]);
  });

  it('never makes what may have happened undone: from an end in doubt only a person leads on', () => {
    for (const state of ['failed', 'timed_out', 'unknown'] as const) {
      expect(NAMES.filter((name) => table[name].from.includes(state))).toEqual(['retry', 'skip']);
    }
    for (const state of ACTIVE) expect(NAMES.some((name) => table[name].from.includes(state))).toBe(true);
  });

  it('is the only place that changes the state of a step', () => {
    for (const name of ['begin', 'control', 'engine', 'phases', 'view', 'take-over']) {
      const text = readFileSync(new URL(`../../src/domain/run/${name}.ts`, import.meta.url), 'utf8');
      const changes = text.split('\n').filter((line) => /\.state = /.test(line) && !/run\.state = /.test(line));
      expect(changes).toEqual([]);
    }
  });
});
