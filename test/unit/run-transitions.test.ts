import { describe, expect, it } from 'vitest';
import { abortRun, pauseRun, resumeRun, retryStep, skipStep } from '../../src/domain/run/control.ts';
import { finish } from '../../src/domain/run/engine.ts';
import { indexPlan } from '../../src/domain/plan/plan-index.ts';
import { ACTIVE, OVER, TROUBLED, type RunState, type StepResult, type StepState } from '../../src/domain/run/model.ts';
import { view, type RunView } from '../../src/domain/run/view.ts';
import { LifeboatError } from '../../src/runtime/errors.ts';
import { aPlan, aStep, later, T0 } from '../support/domain-fixtures.ts';
import { blankRow } from '../support/run-driver.ts';

const ANA = 'slack:U01ANA';
const USES: Partial<Record<StepState, 'approval' | 'manual'>> = {
  waiting_approval: 'approval',
  waiting_manual: 'manual',
};

/** A run with step x in the given state beside y, which runs, and z, which waits for both. */
function withStep(state: StepState, run: RunState = TROUBLED.includes(state) ? 'paused' : 'running'): RunView {
  const steps = [aStep('x', { uses: USES[state] ?? 'noop' }), aStep('y'), aStep('z', { needs: ['x', 'y'] })];
  const plan = aPlan(steps);
  const over = OVER.includes(state);
  const rows = [
    { ...blankRow('x', 0, 'main'), state, attempt: 1 },
    { ...blankRow('y', 1, 'main'), state: 'running' as const, attempt: 1 },
    blankRow('z', 2, 'main', over ? 1 : 2),
  ];
  const live = run === 'running' || run === 'paused';
  return view(
    indexPlan(plan),
    {
      id: 3,
      incident_id: 7,
      plan_digest: plan.digest,
      name: plan.name,
      requested_by: ANA,
      state: run,
      phase: 'main',
      ending: live ? null : run === 'unverified' ? 'succeeded' : run,
      remaining: over ? 2 : 3,
      active: ACTIVE.includes(state) ? 2 : 1,
      reason: null,
      pauses: 0,
      paused_by: null,
      started_at: T0,
      finished_at: live ? null : later(1000),
    },
    rows,
    true,
    later(2000),
  );
}

const ends: Record<string, StepResult> = {
  succeeded: { kind: 'succeeded', output: 1 },
  failed: { kind: 'failed', error: 'no' },
  timed_out: { kind: 'timed_out', error: 'late' },
  unknown: { kind: 'unknown', error: 'gone' },
};

const ACTIONS: Record<string, (view: RunView) => unknown> = {
  ...Object.fromEntries(Object.entries(ends).map(([kind, result]) => [kind, (at: RunView) => finish(at, 'x', result)])),
  retry: (at) => retryStep(at, ANA, 'x', 'why'),
  skip: (at) => skipStep(at, ANA, 'x', 'why'),
  abort: (at) => abortRun(at, ANA, 'why'),
};

/** Where each action leads from each state; `late` changes nothing, `no` is refused. */
const TABLE: Record<StepState, [string, string, string, string, string, string, string]> = {
  //                 succeeded    failed    timed_out    unknown    retry      skip       abort
  pending: ['late', 'late', 'late', 'late', 'no', 'no', 'cancelled'],
  ready: ['late', 'late', 'late', 'late', 'no', 'skipped', 'cancelled'],
  running: ['succeeded', 'failed', 'timed_out', 'unknown', 'no', 'no', 'running'],
  waiting_approval: ['succeeded', 'failed', 'timed_out', 'unknown', 'no', 'no', 'cancelled'],
  waiting_manual: ['succeeded', 'failed', 'timed_out', 'unknown', 'no', 'skipped', 'cancelled'],
  succeeded: ['late', 'late', 'late', 'late', 'no', 'no', 'succeeded'],
  failed: ['late', 'late', 'late', 'late', 'running', 'skipped', 'failed'],
  timed_out: ['late', 'late', 'late', 'late', 'running', 'skipped', 'timed_out'],
  unknown: ['late', 'late', 'late', 'late', 'running', 'skipped', 'unknown'],
  skipped: ['late', 'late', 'late', 'late', 'no', 'no', 'skipped'],
  cancelled: ['late', 'late', 'late', 'late', 'no', 'no', 'cancelled'],
};

const cells = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.keys(ACTIONS).map((action, index): [StepState, string, string] => [state as StepState, action, row[index]!]),
);

describe('a step', () => {
  it.each(cells)('that is %s: %s → %s', (state, action, expected) => {
    const at = withStep(state);
    const x = at.steps.get('x')!;
    if (expected === 'no') return refused(() => ACTIONS[action]!(at), at);
    const answer = ACTIONS[action]!(at);
    if (action in ends) expect(answer).toBe(expected !== 'late');
    expect(x.state).toBe(expected === 'late' ? state : expected);
    if (expected === 'late') expect([at.events, at.effects]).toEqual([[], []]);
    else expect(at.events).not.toEqual([]);
    expect(at.run.active).toBe([...at.steps.values()].filter((row) => ACTIVE.includes(row.state)).length);
  });

  it('of people cannot be retried under way, and consent in trouble is asked anew', () => {
    const at = withStep('failed');
    const consent = view(
      indexPlan(aPlan([aStep('x', { uses: 'approval' }), aStep('y'), aStep('z', { needs: ['x', 'y'] })])),
      at.run,
      [...at.steps.values()],
      true,
      at.now,
    );
    refused(() => skipStep(consent, ANA, 'x', 'why'), consent);
    retryStep(consent, ANA, 'x', 'why');
    expect(consent.steps.get('x')?.state).toBe('waiting_approval');
    expect(consent.approvals.map((each) => each.id)).toEqual(['3/x/2']);
  });
});

const COMMANDS: Record<string, (view: RunView) => void> = {
  pause: (at) => pauseRun(at, ANA, 'why'),
  resume: (at) => resumeRun(at, ANA, null),
  retry: (at) => retryStep(at, ANA, null, 'why'),
  skip: (at) => skipStep(at, ANA, 'x', 'why'),
  abort: (at) => abortRun(at, ANA, 'why'),
};

/** What becomes of the run, with its step x held; without trouble there is nothing to retry. */
const RUN_TABLE: Record<RunState, [string, string, string, string, string]> = {
  //          pause     resume     retry  skip      abort
  running: ['paused', 'no', 'no', 'running', 'running'],
  paused: ['no', 'running', 'no', 'paused', 'running'],
  succeeded: ['no', 'no', 'no', 'no', 'no'],
  unverified: ['no', 'no', 'no', 'no', 'no'],
  failed: ['no', 'no', 'no', 'no', 'no'],
  aborted: ['no', 'no', 'no', 'no', 'no'],
  rolled_back: ['no', 'no', 'no', 'no', 'no'],
};

const runCells = Object.entries(RUN_TABLE).flatMap(([state, row]) =>
  Object.keys(COMMANDS).map((command, index): [RunState, string, string] => [state as RunState, command, row[index]!]),
);

describe('a run', () => {
  it.each(runCells)('that is %s: %s → %s', (state, command, expected) => {
    const at = withStep('ready', state);
    if (expected === 'no') return refused(() => COMMANDS[command]!(at), at);
    COMMANDS[command]!(at);
    expect(at.run.state).toBe(expected);
    expect(at.run.ending).toBe(command === 'abort' ? 'aborted' : null);
  });

  it.each(['retry', 'skip'] as const)(
    'refuses to %s a step that it does not have, and names those it has',
    (command) => {
      const act = command === 'retry' ? retryStep : skipStep;
      const at = withStep('failed');
      expect(() => act(at, ANA, 'nowhere', 'why')).toThrow(
        expect.objectContaining({ code: 'not_found', fix: expect.stringContaining('x, y, z') }) as Error,
      );
    },
  );
});

/** A refusal is for people: it has a fix, and it changes nothing. */
function refused(action: () => unknown, at: RunView): void {
  const before = JSON.stringify([at.run, [...at.steps.values()], at.events, at.effects]);
  try {
    action();
  } catch (error) {
    if (!(error instanceof LifeboatError)) throw error;
    expect(error.code).toBe('conflict');
    expect(error.fix).toBeTruthy();
    expect(JSON.stringify([at.run, [...at.steps.values()], at.events, at.effects])).toBe(before);
    return;
  }
  throw new Error('it was not refused');
}
