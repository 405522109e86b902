import { verify } from '../src/domain/run/verification.ts';
import type { RunFacts } from './facts.ts';
import { checkWords, indexOf, stepName } from './step-words.ts';

/** What held after the last change of a run: post-conditions, and steps that only look and passed. */
export function proofLines({ plan, finished }: RunFacts): string[] {
  const index = indexOf(plan);
  return verify(index, finished).held.map((id) => {
    const { postconditions } = index.step(id);
    const held = postconditions.length === 0 ? 'passed' : `${checkWords(postconditions)} held`;
    return postconditions.length === 0 ? `${stepName(plan, id)}: ${held}` : `After ${stepName(plan, id)}: ${held}`;
  });
}
