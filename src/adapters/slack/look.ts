import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, rejected } from '../../domain/effect/outcome.ts';
import { read } from './attempt.ts';
import { createSlackClient } from './client.ts';
import { createPlaces } from './places.ts';

export interface TokenLook {
  team: string;
  bot: string;
  /** What the token may do; null when Slack does not say. */
  scopes: string[] | null;
}

export type PersonLook = 'member' | 'guest' | 'bot' | 'deactivated' | 'other company';
export type ChannelLook = 'member' | 'joins by itself';

/** Questions to Slack that change and post nothing. */
export interface SlackLook {
  botToken(): Promise<Outcome<TokenLook>>;
  /** Asks for the address of a socket and does not connect to it. */
  appToken(token: string): Promise<Outcome>;
  /** Whether a message to `#name` or a channel's id would find its channel. */
  channel(to: string): Promise<Outcome<ChannelLook>>;
  /** What stands behind a user's id; rejected where nothing does. */
  person(user: string): Promise<Outcome<PersonLook>>;
  /** By how many ms Slack's clock is ahead of this machine's, to the second; null when it does not say. */
  clock(): Promise<number | null>;
}

export function lookAtSlack({ token, apiUrl }: { token: string; apiUrl: string }): SlackLook {
  const client = createSlackClient({ token, apiUrl, timeoutMs: 5000 });
  const places = createPlaces(client);
  return {
    async botToken() {
      const answer = await read('ask who the bot is', () => client.auth.test());
      if (answer.kind !== 'done') return answer;
      const { team = '?', user = '?', response_metadata } = answer.value;
      return done({ team, bot: user, scopes: response_metadata?.scopes ?? null });
    },
    async appToken(appToken) {
      const app = createSlackClient({ token: appToken, apiUrl, timeoutMs: 5000 });
      const answer = await read('ask for a socket', () => app.apps.connections.open({}));
      return answer.kind === 'done' ? done(undefined) : answer;
    },
    async channel(to) {
      const place = await places.resolve(to);
      if (place.kind !== 'done') return place;
      const answer = await read('look at the channel', () => client.conversations.info({ channel: place.value }));
      if (answer.kind !== 'done') return answer;
      const { is_archived = false, is_member = false, is_private = false } = answer.value.channel ?? {};
      if (is_archived) return rejected('is_archived: the channel is archived: unarchive it');
      if (is_private && !is_member) return rejected('not_in_channel: the bot is not a member: invite it with /invite');
      return done(is_member ? 'member' : 'joins by itself');
    },
    async person(user) {
      const answer = await read('look up the user', () => client.users.info({ user }));
      if (answer.kind !== 'done') return answer;
      const { deleted, is_bot, is_stranger, is_restricted, is_ultra_restricted } = answer.value.user ?? {};
      if (deleted === true) return done('deactivated');
      if (is_bot === true) return done('bot');
      if (is_stranger === true) return done('other company');
      return done(is_restricted === true || is_ultra_restricted === true ? 'guest' : 'member');
    },
    async clock() {
      const before = Date.now();
      const answer = await fetch(new URL('api.test', apiUrl), { method: 'POST', signal: AbortSignal.timeout(5000) });
      const said = Date.parse(answer.headers.get('date') ?? '');
      await answer.body?.cancel();
      return Number.isNaN(said) ? null : said - Math.floor((before + Date.now()) / 2000) * 1000;
    },
  };
}
