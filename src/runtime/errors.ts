/** The closed list of reasons why Lifeboat refuses. Each edge turns a code into its own words once. */
export type ErrorCode =
  | 'invalid' // the input breaks a rule
  | 'not_found' // the thing named does not exist
  | 'ambiguous' // several things fit
  | 'forbidden' // this person may not
  | 'conflict' // somebody or something was faster, or the state does not allow it
  | 'busy' // another change of the same thing takes too long
  | 'unavailable'; // something that is needed does not answer

/** A refusal meant for a person: `message` says the value and the rule, `fix` what to do instead. */
export class LifeboatError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  constructor(code: ErrorCode, message: string, fix?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LifeboatError';
    this.code = code;
    this.fix = fix;
  }
}

/** Why work is aborted that was taken from this process (it stops, or lost its lease), not called back by a person. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What a job ends with that failed before it asked anything of the outside; its cause says why. */
export class NotAttempted extends Error {
  override readonly name = 'NotAttempted';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Somebody else has been changing the same incident for too long. */
export const busy = (cause: unknown): LifeboatError =>
  new LifeboatError(
    'busy',
    'another change of this incident is under way and has not ended, so nothing was done',
    'try again in a few seconds',
    { cause },
  );
