import type { WebClient } from '@slack/web-api';
import type { AccountKind } from '../../ports/accounts.ts';
import { read } from './attempt.ts';

/** What somebody is changes rarely; a new guest of today is one for at most this long too late, in ms. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 10_000;

/** Says what kind of account a person has, asking Slack once in a while; never throws. */
export function createAccounts(
  client: WebClient,
  ourTeam: () => Promise<string>,
): (actor: string) => Promise<AccountKind> {
  const known = new Map<string, { kind: AccountKind; until: number }>();
  return async (actor) => {
    const [, user = ''] = /^slack:(.+)$/.exec(actor) ?? [];
    if (user === '') return 'member'; // who types at the terminal of the machine is no guest of Slack
    const kept = known.get(user);
    if (kept && kept.until > Date.now()) return kept.kind;
    const kind = await ask(client, user, ourTeam);
    if (kind !== 'unanswered' && kind !== 'refused') {
      if (known.size >= MOST_KEPT) known.clear();
      known.set(user, { kind, until: Date.now() + KEPT_MS });
    }
    return kind;
  };
}

async function ask(client: WebClient, user: string, ourTeam: () => Promise<string>): Promise<AccountKind> {
  const [answer, team] = await Promise.all([
    read('look up the account', () => client.users.info({ user })),
    ourTeam().catch(() => null),
  ]);
  if (answer.kind === 'rejected') return 'refused';
  const found = answer.kind === 'done' ? answer.value.user : undefined;
  if (!found || team === null) return 'unanswered';
  const teams = [found.team_id, ...(found.enterprise_user?.teams ?? [])].filter((each) => each !== undefined);
  if (found.is_stranger === true || (teams.length > 0 && !teams.includes(team))) return 'other_company';
  return found.is_restricted === true || found.is_ultra_restricted === true ? 'guest' : 'member';
}
