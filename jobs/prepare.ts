import { messageOf, NotAttempted } from '../src/runtime/errors.ts';

/** Does what comes before a job asks anything of the outside: if reading or wording fails, surely nothing was sent. */
export async function prepare<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new NotAttempted(messageOf(error), { cause: error });
  }
}
