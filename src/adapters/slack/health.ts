import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { ChatHealth } from '../../ports/chat.ts';
import type { Log } from '../../runtime/log.ts';
import { read } from './attempt.ts';
import { outageCode } from './errors.ts';

/** Who asks again within this time gets the same answer, in ms. */
const KEPT_MS = 5_000;
/** Refused calls are tried again at least every 30 s: a cause that was not seen for longer is over, in ms. */
const FRESH_MS = 90_000;
/** Permissions and a proxy's rules belong to a method; everything else is about the token as a whole. */
const OF_ONE_METHOD = /^(missing_scope|no_permission|enterprise_is_restricted|http_.*)$/;

/** The name of the health's own question among the calls. */
const ASKING = 'ask who the bot is';

export interface SlackHealth {
  /** Looks at what became of a call of the port's method `name`, and hands it on. */
  watch<T>(name: string, outcome: Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** Asks Slack at most every 5 s and once at a time. */
  health(): Promise<ChatHealth>;
}

interface Cause {
  reason: string;
  seen: number;
}

/** Notices when Slack refuses the token or a permission: one error line for each cause, and why Lifeboat is not ready. */
export function createSlackHealth(client: WebClient, log: Log | undefined, now = () => performance.now()): SlackHealth {
  const causes = new Map<string, Cause>();
  let asked: { at: number; answer: Promise<string | null> } | undefined;

  const raise = (name: string, code: string, reason: string): void => {
    const key = OF_ONE_METHOD.test(code) ? `${code} ${name}` : code;
    if (!causes.has(key)) {
      log?.error({ code, call: name, reason }, 'slack refuses the token or a permission');
      if (name !== ASKING) asked = undefined; // what was answered before is not so any more
    }
    causes.set(key, { reason, seen: now() });
  };
  const clear = (name: string): void => {
    for (const key of causes.keys()) {
      if (key.includes(' ') && !key.endsWith(` ${name}`)) continue;
      causes.delete(key);
      if (name !== ASKING) asked = undefined;
      log?.info({ cause: key }, 'slack takes the token again');
    }
  };
  const ask = async (): Promise<string | null> => {
    const answer = await read(ASKING, () => client.auth.test());
    if (answer.kind !== 'done') {
      const code = outageCode(answer);
      if (code !== null) raise(ASKING, code, answer.reason);
      return answer.reason;
    }
    clear(ASKING);
    return null;
  };
  return {
    async watch(name, pending) {
      const outcome = await pending;
      const code = outageCode(outcome);
      if (code !== null && outcome.kind === 'retry') raise(name, code, outcome.reason);
      if (outcome.kind === 'done' && causes.size > 0) clear(name);
      return outcome;
    },
    async health() {
      if (asked === undefined || now() - asked.at > KEPT_MS) asked = { at: now(), answer: ask() };
      const answer = await asked.answer;
      if (answer !== null) return { answers: false, problem: answer };
      const cause = [...causes.values()].find(({ seen }) => now() - seen < FRESH_MS);
      return { answers: true, problem: cause?.reason ?? null };
    },
  };
}
