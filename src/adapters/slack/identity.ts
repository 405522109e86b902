import type { WebClient } from '@slack/web-api';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done } from '../../domain/effect/outcome.ts';
import { read } from './attempt.ts';

export interface Identity {
  user: string | undefined;
  bot: string | undefined;
}

/** Who the token belongs to; asked once, remembered when answered. */
export function createIdentity(client: WebClient): () => Promise<Outcome<Identity>> {
  let known: Identity | undefined;
  return async () => {
    if (known !== undefined) return done(known);
    const answer = await read('ask who the bot is', () => client.auth.test());
    if (answer.kind !== 'done') return answer;
    known = { user: answer.value.user_id, bot: answer.value.bot_id };
    return done(known);
  };
}
