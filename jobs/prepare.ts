import { messageOf, NothingSent } from '../src/runtime/errors.ts';

/** Does what comes before a job asks anything of the outside: if reading or wording fails, surely nothing was sent. */
export async function beforehand<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new NothingSent(messageOf(error), { cause: error });
  }
}
