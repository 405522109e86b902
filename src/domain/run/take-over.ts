import type { PlanStep, StepResult } from './model.ts';

/** What older attempts of an effect may have left behind; where all lists are empty, all of it is surely over. */
export interface LeftBehind {
  /** How many processes were ended just now. */
  ended: number;
  /** Processes that could not be ended, in words. */
  alive: string[];
  /** Workers whose processes cannot be seen from here, in words. */
  elsewhere: string[];
  /** Workers here that do not answer and may go on by themselves, in words. */
  frozen: string[];
  /** Whether processes that left their session, parent and environment would not be found. */
  blind: boolean;
}

/** What whoever takes over an interrupted attempt does with it. */
export type TakeOver =
  | { kind: 'act' }
  /** The probe says whether it happened; `absent` is why its "no" is not enough to act. */
  | { kind: 'look'; error: string; absent: string | null }
  | { kind: 'report'; result: StepResult };

const NOTHING_LEFT: LeftBehind = { ended: 0, alive: [], elsewhere: [], frozen: [], blind: false };

/**
 * Decides on an attempt that was interrupted: nobody acts beside what may still run, and what may have happened is never
 * said not to have. `abort` are the words of an abort that was asked for meanwhile.
 */
export function takeOver(
  { side_effect, uses }: Pick<PlanStep, 'side_effect' | 'uses'>,
  left: LeftBehind = NOTHING_LEFT,
  abort: string | null = null,
): TakeOver {
  const report = (error: string): TakeOver => ({
    kind: 'report',
    result: {
      kind: 'unknown',
      error: `${error}${describeLeft(left)}`,
      ...(left.alive.length > 0 && { running: true }),
    },
  });
  if (abort !== null) {
    const harmless = side_effect === 'none' && left.alive.length === 0;
    if (harmless) return { kind: 'report', result: { kind: 'failed', error: abort } };
    return report(`${abort}, after it was interrupted and may have happened`);
  }
  if (left.alive.length > 0 && side_effect !== 'none') return report('it was interrupted');
  if (side_effect !== 'once') return { kind: 'act' };
  // A program is ended with its mark; a request is made by the worker itself, which may go on where it was frozen.
  const uncertain = left.elsewhere.length > 0 || (left.frozen.length > 0 && uses !== 'command');
  const seen = describeLeft(left);
  return {
    kind: 'look',
    error: `it was interrupted, and nothing tells whether it happened${seen}`,
    absent: uncertain ? `it was interrupted, and its probe says that it has not happened so far${seen}` : null,
  };
}

function describeLeft({ ended, alive, elsewhere, frozen, blind }: LeftBehind): string {
  return [
    ended > 0 && `${ended} of its processes still ran and ${ended === 1 ? 'was' : 'were'} ended`,
    alive.length > 0 && `still running, and not to be ended by Lifeboat: ${alive.join(', ')}`,
    elsewhere.length > 0 && `whether it still runs under ${elsewhere.join(', ')} cannot be known here: look there`,
    frozen.length > 0 && `its worker (${frozen.join(', ')}) does not answer and may go on`,
    ended > 0 && blind && 'what left its session and its environment cannot be known here',
  ]
    .filter((each) => each !== false)
    .map((each) => `; ${each}`)
    .join('');
}
