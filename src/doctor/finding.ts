import type { Outcome } from '../domain/effect/outcome.ts';

/** One thing that was looked at. */
export interface Finding {
  about: string;
  state: 'ok' | 'wrong' | 'not tried';
  what: string;
  fix?: string;
}

export const ok = (about: string, what: string): Finding => ({ about, state: 'ok', what });
export const wrong = (about: string, what: string, fix: string): Finding => ({ about, state: 'wrong', what, fix });
export const untried = (about: string, why: string): Finding => ({ about, state: 'not tried', what: why });

/** `wrong      Slack, channel #ops: no such channel. Fix: create it.` on one line. */
export function formatFinding({ about, state, what, fix }: Finding): string {
  const words = `${state.padEnd(9)}  ${about}: ${what}${fix === undefined ? '' : `. Fix: ${fix}`}`;
  return words.replaceAll(/\s*\n\s*/g, ' ');
}

/** Reasons of the adapters read "code: what: the fix"; the outcome of a look as a finding. */
export function findingOf<T>(about: string, outcome: Outcome<T>, fine: (value: T) => string, fix: string): Finding {
  return outcome.kind === 'done' ? ok(about, fine(outcome.value)) : wrong(about, outcome.reason, fix);
}
