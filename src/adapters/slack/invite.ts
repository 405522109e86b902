import { WebAPIPlatformError } from '@slack/web-api';
import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done } from '../../domain/effect/outcome.ts';
import type { Uninvited } from '../../ports/chat.ts';
import { outcomeOf, refusalCode } from './errors.ts';

/** Slack: users in one call of conversations.invite are at most 100 for `force`. */
const BATCH = 100;

/** Refusals that are about one user, not about the channel or the app. */
const ABOUT_A_USER = new Set([
  'already_in_channel',
  'cant_invite',
  'cant_invite_self',
  'failed_for_some_users',
  'no_user',
  'ura_max_channels',
  'user_disabled',
  'user_is_restricted',
  'user_is_ultra_restricted',
  'user_not_found',
  'users_not_found',
  'user_team_not_in_channel',
]);

/** Invites users in batches; one that cannot be invited, or is there already, is skipped without stopping the others. */
export async function inviteUsers(
  client: WebClient,
  channel: string,
  users: readonly string[],
): Promise<Outcome<{ skipped: Uninvited[] }>> {
  const all = [...new Set(users)];
  const skipped: Uninvited[] = [];
  for (let at = 0; at < all.length; at += BATCH) {
    const outcome = await inviteBatch(client, channel, all.slice(at, at + BATCH));
    if (outcome.kind !== 'done') return outcome;
    skipped.push(...outcome.value);
  }
  return done({ skipped });
}

async function inviteBatch(client: WebClient, channel: string, users: string[]): Promise<Outcome<Uninvited[]>> {
  try {
    const answer = await client.conversations.invite({ channel, users: users.join(','), force: true });
    return done(namesIn(answer.errors));
  } catch (error) {
    const code = refusalCode(error) ?? '';
    if (!ABOUT_A_USER.has(code)) return outcomeOf(error, 'invite');
    const refused = refusedIn(error);
    if (users.length === 1)
      return done(users.map((user) => refused.find((each) => each.user === user) ?? { user, code }));
    return inviteRest(client, channel, users, refused);
  }
}

/** Slack refused the batch for some of its users: the others go again, one by one when it does not say which. */
async function inviteRest(
  client: WebClient,
  channel: string,
  users: string[],
  refused: readonly Uninvited[],
): Promise<Outcome<Uninvited[]>> {
  const named = refused.filter(({ user }) => users.includes(user));
  const rest = users.filter((user) => !named.some((each) => each.user === user));
  const batches = named.length > 0 ? [rest].filter((batch) => batch.length > 0) : rest.map((user) => [user]);
  const skipped = [...named];
  for (const batch of batches) {
    const outcome = await inviteBatch(client, channel, batch);
    if (outcome.kind !== 'done') return outcome;
    skipped.push(...outcome.value);
  }
  return done(skipped);
}

function refusedIn(error: unknown): Uninvited[] {
  if (!(error instanceof WebAPIPlatformError) || !('errors' in error.data)) return [];
  return namesIn(error.data.errors);
}

function namesIn(errors: unknown): Uninvited[] {
  if (!Array.isArray(errors)) return [];
  const entries: unknown[] = errors;
  return entries.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('user' in entry) || typeof entry.user !== 'string') return [];
    const code = 'error' in entry && typeof entry.error === 'string' ? entry.error : 'cant_invite';
    return [{ user: entry.user, code }];
  });
}
