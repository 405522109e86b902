import { messageOf } from '../runtime/errors.ts';
import type { Readiness } from './private-server.ts';

/** Something that has to work before commands can be taken: says why it does not, or null; a throw is a reason too. */
export type ReadinessCheck = () => Promise<string | null> | string | null;

/** Asks everything at once and says everything that is wrong, not only the first. */
export async function readinessOf(checks: ReadinessCheck[], notices: (string | null)[] = []): Promise<Readiness> {
  const found = await Promise.all(checks.map((check) => reasonOf(check)));
  return { reasons: found.filter((each) => each !== null), notices: notices.filter((each) => each !== null) };
}

async function reasonOf(check: ReadinessCheck): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return messageOf(error);
  }
}
