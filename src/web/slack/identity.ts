import { WebClient } from '@slack/web-api';
import type { Log } from '../../runtime/log.ts';

export interface Identity {
  teamId: string;
  botId: string;
  botUserId: string;
}

/** Who the bot token belongs to; asked once and kept. Slack being away at the start does not keep Lifeboat from starting. */
export function slackIdentity(token: string, apiUrl: string, log: Log): () => Promise<Identity> {
  const client = new WebClient(token, { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: 2000 });
  let known: Promise<Identity> | undefined;
  return () => {
    known ??= ask(client).catch((error: unknown) => {
      known = undefined;
      log.debug({ err: error }, 'slack identity not known yet');
      throw error;
    });
    return known;
  };
}

async function ask(client: WebClient): Promise<Identity> {
  const { team_id, bot_id, user_id } = await client.auth.test();
  if (team_id === undefined || user_id === undefined) throw new Error('auth.test named no team or user');
  return { teamId: team_id, botId: bot_id ?? '', botUserId: user_id };
}
