import { abortRun, resumeRun, retryStep, skipStep } from '../../src/domain/run/control.ts';
import type { StepResult } from '../../src/domain/run/model.ts';
import type { RunView } from '../../src/domain/run/view.ts';
import { LifeboatError } from '../../src/runtime/errors.ts';
import type { Random } from './domain-fixtures.ts';
import type { Handed, Report, RunDriver } from './run-driver.ts';
import { stepIn } from './run-invariants.ts';

const ANA = 'slack:U01ANA';
type Command = (view: RunView) => void;

/** Workers that die, actions that fail and people who steer, all by chance; what may never be done twice is watched. */
export class RunWorld {
  readonly driver: RunDriver;
  readonly chance: Random;
  /** How often a step's action was really done. */
  readonly done = new Map<string, number>();
  /** Steps done or perhaps done since a person last asked for them. */
  readonly inDoubt = new Set<string>();
  /** What people were refused. */
  readonly refused: LifeboatError[] = [];
  readonly trouble: number;
  readonly commands: number;
  private under: Report[] = [];

  constructor(driver: RunDriver, chance: Random, { trouble = 0.2, commands = 0 } = {}) {
    this.driver = driver;
    this.chance = chance;
    this.trouble = trouble;
    this.commands = commands;
  }

  /** Moves on until the run is over; after `moves` everything works and people help, so that it must end. */
  live(moves: number): void {
    for (let move = 0; this.driver.run.finished_at === null; move += 1) {
      if (move > moves + 5000) throw new Error('the run does not end');
      this.move(move < moves);
    }
  }

  private move(wild: boolean): void {
    const { driver, chance } = this;
    const { waiting, asked } = driver;
    if (wild && chance.chance(this.commands)) return this.command();
    if (wild && chance.chance(0.03)) return this.crash();
    if (asked.length > 0 && chance.chance(0.3)) return this.answer(wild);
    if (waiting.length > 0 && chance.chance(0.5)) return this.take(chance.pick(waiting), wild);
    if (this.under.length > 0) return driver.report(...this.under.splice(0, 1 + chance.below(3)));
    if (driver.run.state === 'paused') this.help();
  }

  private take(effect: Handed, wild: boolean): void {
    const { driver } = this;
    const { side_effect } = driver.index.step(effect.step);
    const fence = driver.take(effect);
    const stopped = effect.called_back || (effect.doubtful && side_effect === 'once');
    if (stopped) {
      const kind = effect.called_back && !effect.doubtful ? 'failed' : 'unknown';
      this.under.push({ effect, fence, result: { kind, error: 'stopped' } });
      return;
    }
    if (side_effect === 'once' && this.inDoubt.has(effect.step)) throw new Error(`${effect.step} is repeated in doubt`);
    this.done.set(effect.step, (this.done.get(effect.step) ?? 0) + 1);
    const result = this.outcome(effect, wild);
    const surelyNot = result.kind === 'failed' && result.happened !== true;
    this.under.push({ effect, fence, result });
    if (!surelyNot) this.inDoubt.add(effect.step);
  }

  private outcome({ intent }: Handed, wild: boolean): StepResult {
    if (intent.kind === 'step.wake' || !wild || !this.chance.chance(this.trouble)) {
      return { kind: 'succeeded', output: null };
    }
    const error = 'trouble';
    return this.chance.pick<StepResult>([
      { kind: 'failed', error },
      { kind: 'failed', error, happened: true },
      { kind: 'timed_out', error },
      { kind: 'unknown', error },
    ]);
  }

  private crash(): void {
    for (const { effect } of this.under) this.inDoubt.add(effect.step);
    const late = this.under.splice(0);
    this.driver.crash();
    this.driver.report(...late);
  }

  private answer(wild: boolean): void {
    const { driver, chance } = this;
    const asked = chance.pick(driver.asked);
    const yes: StepResult = { kind: 'succeeded', output: null };
    const no = chance.pick<StepResult>([
      { kind: 'failed', error: 'denied' },
      { kind: 'timed_out', error: 'nobody answered' },
    ]);
    driver.answer(asked.id, wild && chance.chance(this.trouble) ? no : yes);
  }

  private command(): void {
    const { chance } = this;
    if (chance.chance(0.2)) return this.try(() => this.driver.pause(ANA, 'why'));
    const step = chance.chance(0.3) ? null : chance.pick([...this.driver.rows.keys()]);
    this.ask(
      chance.pick<Command>([
        (view) => resumeRun(view, ANA, null),
        (view) => skipStep(view, ANA, step, 'why'),
        (view) => retryStep(view, ANA, step, 'why'),
        ...(chance.chance(0.1) ? [(view: RunView) => abortRun(view, ANA, 'why')] : []),
      ]),
    );
  }

  /** A person who reads what the run needs, and does it. */
  private help(): void {
    const stuck = [...this.driver.rows.values()].filter((row) =>
      ['failed', 'timed_out', 'unknown'].includes(row.state),
    );
    for (const row of stuck) this.ask((view) => retryStep(view, ANA, row.step_id, 'help'));
    if (this.driver.run.state === 'paused') this.ask((view) => resumeRun(view, ANA, null));
  }

  private ask(command: Command): void {
    const before = this.driver.count('step.retry_asked');
    this.try(() => this.driver.command(command));
    if (this.driver.count('step.retry_asked') === before) return;
    const retried = this.driver.events.findLast((each) => each.kind === 'step.retry_asked');
    if (retried) this.inDoubt.delete(stepIn(retried));
  }

  private try(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof LifeboatError)) throw error;
      this.refused.push(error);
    }
  }
}
