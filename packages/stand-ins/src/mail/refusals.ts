/** An error with the reply that the client gets. */
type Refusal = Error & { responseCode: number };

const refuse = (responseCode: number, message: string, cause?: unknown): Refusal =>
  Object.assign(new Error(message, { cause }), { responseCode });

/** RFC 5321: 552 is "exceeded storage allocation", which clients do not try again. */
export const tooLarge = (bytes: number): Refusal =>
  refuse(552, `the message is larger than ${bytes / 1024 / 1024} MB, which is the most that is taken here`);

/** 554 for whatever else went wrong: the same bytes would fail again. */
export const refusal = (error: unknown): Refusal =>
  error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
    ? refuse(error.responseCode, error.message, error.cause)
    : refuse(554, 'the message could not be read as mail', error);
