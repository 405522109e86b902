import type { Outcome } from '../../domain/effect/outcome.ts';
import { done } from '../../domain/effect/outcome.ts';
import { outcomeOf, readOutcome, refusalCode } from './errors.ts';

/** Makes one call that changes something; `doing` is its name in reasons. Never throws. */
export async function attempt<T>(doing: string, call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return done(await call());
  } catch (error) {
    return outcomeOf(error, doing);
  }
}

/** Makes one call that only reads, which is never unknown. */
export async function read<T>(doing: string, call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return done(await call());
  } catch (error) {
    return readOutcome(error, doing);
  }
}

/** Makes one call for which the refusals in `fine` mean that the wanted state is there already. */
export async function ensure(doing: string, fine: readonly string[], call: () => Promise<unknown>): Promise<Outcome> {
  try {
    await call();
  } catch (error) {
    if (!fine.includes(refusalCode(error) ?? '')) return outcomeOf(error, doing);
  }
  return done(undefined);
}

/** True when an outcome is this refusal of Slack's, final or not: reasons begin with its code. */
export const isRefusal = (outcome: Outcome<unknown>, code: string): boolean =>
  (outcome.kind === 'rejected' || outcome.kind === 'retry') && outcome.reason.startsWith(`${code}:`);
