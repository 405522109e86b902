import { isDeepStrictEqual } from 'node:util';
import type { EffectIntent } from '../../src/domain/effect/effect.ts';
import { indexPlan, type PlanIndex } from '../../src/domain/plan/plan-index.ts';
import { mayHold, pauseRun } from '../../src/domain/run/control.ts';
import { finish, start } from '../../src/domain/run/engine.ts';
import { NeedsWholeRun } from '../../src/domain/run/phases.ts';
import type { NewApproval, Phase, Plan, Run, StepResult, StepRow } from '../../src/domain/run/model.ts';
import { view, type RunView } from '../../src/domain/run/view.ts';
import type { NewEvent } from '../../src/domain/incident/timeline.ts';
import { checkRun } from './run-invariants.ts';
import { T0 } from './domain-fixtures.ts';

/** A step's effect as the store keeps it: unique by key, handed out again in doubt when its worker was lost. */
export interface Handed {
  key: string;
  step: string;
  attempt: number;
  state: 'pending' | 'taken' | 'done';
  doubtful: boolean;
  called_back: boolean;
  fence: number;
  intent: EffectIntent;
}

export interface Report {
  effect: Handed;
  fence: number;
  result: StepResult;
}

/** Keeps one run in memory as the store does and decides as the verbs do; after every change its rules are checked. */
export class RunDriver {
  readonly index: PlanIndex;
  run: Run;
  rows = new Map<string, StepRow>();
  /** By step and attempt: 's1#1'. */
  readonly effects = new Map<string, Handed>();
  readonly keys = new Set<string>();
  readonly approvals = new Map<string, NewApproval & { open: boolean }>();
  readonly events: NewEvent[] = [];
  now = T0;
  /** Steps of which an attempt was reported to have happened, or that it may have. */
  readonly touched = new Set<string>();
  /** Loads of the whole run, and the most rows that one other decision loaded beyond its steps and their dependents. */
  wholeLoads = 0;
  tick: () => number = () => 1;

  constructor(plan: Plan) {
    this.index = indexPlan(plan);
    this.run = {
      id: 3,
      incident_id: 7,
      plan_digest: plan.digest,
      name: plan.name,
      requested_by: 'slack:U01ANA',
      state: 'running',
      phase: 'main',
      ending: null,
      remaining: plan.steps.length,
      active: 0,
      reason: null,
      pauses: 0,
      paused_by: null,
      started_at: T0,
      finished_at: null,
    };
    for (const phase of ['main', 'finally'] as const) {
      (phase === 'main' ? plan.steps : plan.finally).forEach((step, ord) => {
        this.rows.set(step.id, blankRow(step.id, ord, phase, phase === 'main' ? step.needs.length : 0));
      });
    }
    this.command((whole) => start(whole, 'slack:U01ANA'));
  }

  /** Effects that wait for a worker or the clock. */
  get waiting(): Handed[] {
    return [...this.effects.values()].filter((each) => each.state === 'pending');
  }

  get taken(): Handed[] {
    return [...this.effects.values()].filter((each) => each.state === 'taken');
  }

  get asked(): (NewApproval & { open: boolean })[] {
    return [...this.approvals.values()].filter((each) => each.open);
  }

  state(step: string): string {
    return this.rows.get(step)?.state ?? 'none';
  }

  count(kind: string, step?: string): number {
    return this.events.filter((each) => each.kind === kind && (step === undefined || each.data['step'] === step))
      .length;
  }

  take(effect: Handed): Report['fence'] {
    effect.state = 'taken';
    effect.fence += 1;
    return effect.fence;
  }

  /** Every worker dies: nobody knows whether what they had under way happened. */
  crash(): void {
    for (const effect of this.taken) Object.assign(effect, { state: 'pending', doubtful: true });
  }

  /** Results of steps, written together; one with an old fence is dropped, as the store does. */
  report(...reports: Report[]): void {
    const valid = reports.filter(({ effect, fence }) => effect.state === 'taken' && effect.fence === fence);
    if (valid.length === 0) return;
    this.decide(
      valid.map(({ effect }) => effect.step),
      (decided) => {
        for (const { effect, result } of valid) {
          if (decided.steps.get(effect.step)?.attempt !== effect.attempt) continue;
          if (finish(decided, effect.step, result)) this.touch(effect.step, result);
        }
      },
    );
    for (const { effect } of valid) effect.state = 'done';
  }

  /** Takes the step's waiting effect and reports it at once. */
  end(step: string, result: StepResult = { kind: 'succeeded', output: null }): void {
    const effect = this.waiting.find((each) => each.step === step);
    if (!effect) throw new Error(`${step} waits for nobody: it is ${this.state(step)}`);
    this.report({ effect, fence: this.take(effect), result });
  }

  answer(approval: string, result: StepResult): void {
    const asked = this.approvals.get(approval);
    if (!asked?.open) return;
    asked.open = false;
    this.decide([asked.step_id], (decided) => {
      if (finish(decided, asked.step_id, result, 'slack:U01CLEO')) this.touch(asked.step_id, result);
    });
  }

  /** A person pauses: what no worker has begun is taken back, as the store does in the same transaction. */
  pause(actor: string, reason: string): void {
    const { run } = this;
    const held = run.state === 'running' && mayHold(run) ? this.waiting.filter(isUnbegun) : [];
    this.command((whole) => pauseRun(whole, actor, reason, held));
    for (const { key, step, attempt } of held) {
      this.keys.delete(key);
      this.effects.delete(`${step}#${attempt}`);
    }
  }

  /** A person's command; what it throws leaves the run as it was. */
  command(change: (whole: RunView) => void): void {
    const whole = this.load('all');
    change(whole);
    this.commit(whole);
  }

  private decide(steps: string[], change: (decided: RunView) => void): void {
    const { phase, ending, remaining } = this.run;
    const whole = this.load('all');
    change(whole);
    if (phase !== 'main' || ending !== null || remaining <= steps.length) {
      this.wholeLoads += 1;
      this.commit(whole);
      return;
    }
    const part = this.load(steps);
    try {
      change(part);
    } catch (error) {
      if (!(error instanceof NeedsWholeRun)) throw error;
      this.wholeLoads += 1;
      this.commit(whole);
      return;
    }
    same(decisionOf(part), decisionOf(whole));
    this.commit(part);
  }

  private touch(step: string, result: StepResult): void {
    const changes = this.index.step(step).side_effect !== 'none';
    const maybe = changes && result.kind !== 'spared' && (result.kind !== 'failed' || result.happened === true);
    if (result.kind === 'succeeded' || maybe) this.touched.add(step);
  }

  private load(steps: string[] | 'all'): RunView {
    const touched =
      steps === 'all' ? [...this.rows.keys()] : [...steps, ...steps.flatMap((step) => this.index.dependents(step))];
    const rows = [...new Set(touched)].map((step) => this.rows.get(step)!);
    return view(this.index, this.run, rows, steps === 'all', this.now);
  }

  private commit(decided: RunView): void {
    const before = this.run;
    this.run = decided.run;
    for (const step of [...decided.changed, ...decided.added.map((row) => row.step_id)]) {
      this.rows.set(step, decided.steps.get(step)!);
    }
    this.events.push(...decided.events);
    for (const intent of decided.effects) this.intend(intent);
    for (const asked of decided.approvals) {
      if (!this.approvals.has(asked.id)) this.approvals.set(asked.id, { ...asked, open: true });
    }
    if (decided.cancel.length > 0) this.callBack();
    if (decided.complete) this.tidy();
    this.now = new Date(this.now.getTime() + this.tick());
    checkRun(this, before, decided);
  }

  private intend(intent: EffectIntent): void {
    if (this.keys.has(intent.key)) return;
    this.keys.add(intent.key);
    if (intent.kind !== 'step.run' && intent.kind !== 'step.wake') return;
    const { step, attempt } = intent.payload as { step: string; attempt: number };
    if (this.effects.has(`${step}#${attempt}`)) throw new Error(`attempt ${attempt} of ${step} was asked for twice`);
    this.effects.set(`${step}#${attempt}`, {
      key: intent.key,
      step,
      attempt,
      state: 'pending',
      doubtful: false,
      called_back: false,
      fence: 0,
      intent,
    });
  }

  private callBack(): void {
    for (const effect of this.effects.values()) if (effect.state !== 'done') effect.called_back = true;
  }

  private tidy(): void {
    for (const asked of this.approvals.values()) {
      if (!this.state(asked.step_id).startsWith('waiting_')) asked.open = false;
    }
  }
}

const isUnbegun = ({ intent, doubtful, called_back }: Handed): boolean =>
  intent.kind === 'step.run' && !doubtful && !called_back;

export function blankRow(step_id: string, ord: number, phase: Phase, waiting = 0): StepRow {
  return {
    step_id,
    ord,
    phase,
    state: 'pending',
    waiting,
    attempt: 0,
    output: null,
    error: null,
    happened: false,
    started_at: null,
    finished_at: null,
  };
}

function decisionOf({ run, steps, changed, events, effects, approvals, cancel, added }: RunView) {
  const rows = [...changed].sort().map((step) => steps.get(step));
  return { run, rows, events, effects, approvals, cancel, added };
}

function same(part: unknown, whole: unknown): void {
  if (isDeepStrictEqual(part, whole)) return;
  throw new Error(`a part of the run decided ${JSON.stringify(part)}, the whole of it ${JSON.stringify(whole)}`);
}
