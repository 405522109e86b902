import { done } from '../domain/effect/outcome.ts';
import type { Action } from '../ports/action.ts';

/** Does nothing and hands its input on as output: for rehearsals and for measuring. */
export const noop: Action = { name: 'noop', run: (input) => Promise.resolve(done(input)) };
