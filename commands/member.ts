import { personOf } from '../src/domain/estate/people.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { AccountKind } from '../src/ports/accounts.ts';
import type { CommandDeps } from './command.ts';

/** As long as somebody waits to be told apart from a guest, in ms; Slack shows an error after 3 s. */
const LOOKUP_MS = 1500;

/**
 * Refuses guests and people of other companies, unless the estate lists them or lets their kind in. `urgent`: when Slack
 * does not answer, a fire that is real matters more than a guest who is not.
 */
export async function needMember(
  { estate, account }: Pick<CommandDeps, 'estate' | 'account'>,
  actor: string,
  verb: string,
  { urgent = false }: { urgent?: boolean } = {},
): Promise<void> {
  const { outsiders } = estate();
  if (personOf(estate(), actor) !== null || (outsiders.guests && outsiders.other_companies)) return;
  const late = new Promise<AccountKind>((resolve) => setTimeout(() => resolve('unanswered'), LOOKUP_MS).unref());
  const kind = await Promise.race([account(actor), late]);
  if (kind === 'member') return;
  if (kind === 'guest' && outsiders.guests) return;
  if (kind === 'other_company' && outsiders.other_companies) return;
  if (kind === 'unanswered' && urgent) return;
  throw new LifeboatError('forbidden', ...WORDS[kind](verb));
}

const ASK = 'ask somebody whom the estate lists';
const WORDS: Record<Exclude<AccountKind, 'member'>, (verb: string) => [string, string]> = {
  guest: (verb) => [
    `\`${verb}\` is not for guests of this workspace`,
    `${ASK}; the estate lets guests in with \`outsiders: { guests: true }\`, or you alone under \`people:\``,
  ],
  other_company: (verb) => [
    `\`${verb}\` is not for people of other companies`,
    `${ASK}; the estate lets them in with \`outsiders: { other_companies: true }\``,
  ],
  unanswered: (verb) => [
    `\`${verb}\` is not for guests, and Slack does not say just now whether you are one`,
    `try again in a moment, or ${ASK}`,
  ],
  refused: (verb) => [
    `\`${verb}\` is not for guests, and Slack does not let Lifeboat see whether you are one`,
    `add the scope \`users:read\` to the Slack app and install it again (slack-app-manifest.yaml has it), or ${ASK}`,
  ],
};
