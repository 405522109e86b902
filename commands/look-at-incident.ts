import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { LOOK_MS, notChecked, unansweredWords, type ServiceLook } from '../src/domain/health/look.ts';
import type { Json } from '../src/domain/json.ts';
import { outcomesOf } from '../src/store/effect/effect-views.ts';
import { askForLook, type AskedLooks } from '../src/verbs/incident/ask-for-look.ts';
import type { CommandDeps } from './command.ts';

/** Between two readings of what a look said, in ms. */
const READ_EVERY_MS = 40;
/** A worker takes a look within moments; what did not come by then does not come, in ms. */
const OVERDUE_MS = LOOK_MS + 1000;

/** What the checks of an incident's services said, or why nobody knows. */
export interface Looked {
  needed: string[];
  looks: ServiceLook[];
  /** Some checks still run: whoever cannot wait asks again with the same nonce. */
  pending: boolean;
}

/** Has the checks run by workers, outside of any transaction, and waits `wait_ms` at most for what they say. */
export async function lookAtIncident(
  deps: Pick<CommandDeps, 'pool' | 'verbs'>,
  id: number,
  nonce: string,
  wait_ms = OVERDUE_MS,
): Promise<Looked> {
  const asked = await askForLook(deps.verbs, id, nonce);
  const until = performance.now() + wait_ms;
  for (;;) {
    const looked = await read(deps, asked);
    if (!looked.pending || performance.now() >= until) return looked;
    await sleep(READ_EVERY_MS);
  }
}

async function read({ pool }: Pick<CommandDeps, 'pool'>, { needed, unchecked, asked }: AskedLooks): Promise<Looked> {
  const keys = asked.map(({ key }) => key);
  const outcomes = keys.length === 0 ? [] : await outcomesOf(pool, keys);
  let pending = false;
  const looks = asked.flatMap(({ key, site, services }) => {
    const found = outcomes.find((each) => each.key === key);
    if (found?.state === 'done') return looksIn(found.result);
    const over = found !== undefined && ['failed', 'unknown', 'cancelled'].includes(found.state);
    pending ||= !over && (found?.age_ms ?? 0) < OVERDUE_MS;
    const why = over
      ? `the look failed: ${found.error ?? 'nothing says why'}`
      : unansweredWords(site, found?.state === 'running', found?.age_ms ?? 0);
    return services.map((service) => notChecked(service, why));
  });
  return { needed, looks: [...looks, ...unchecked], pending };
}

const RESULT = z.object({ looks: z.array(z.custom<ServiceLook>()) });

const looksIn = (result: Json): ServiceLook[] => RESULT.parse(result).looks;
