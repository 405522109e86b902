import { personOf } from '../src/domain/estate/people.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { LifeboatError } from '../src/runtime/errors.ts';

/** Refuses people whom the estate does not know. */
export function needResponder(estate: Estate, actor: string, verb: string): void {
  if (personOf(estate, actor) !== null) return;
  throw new LifeboatError(
    'forbidden',
    `\`${verb}\` is for responders, and the estate does not list you`,
    'ask a responder, or have yourself added under `people:` in the estate file',
  );
}
