import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { historyMethods } from './history.ts';
import { markMethods } from './marks.ts';
import { memberMethods } from './members.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

const authTest: Method = {
  tier: 'special',
  run: ({ team, base }) => ({
    url: `${base}/`,
    team: team.state.team.name,
    team_id: team.state.team.id,
    user: team.state.bot.name,
    user_id: team.state.bot.user_id,
    bot_id: team.state.bot.bot_id,
    is_enterprise_install: false,
  }),
};

const apiTest: Method = { tier: 4, run: ({ args }) => ({ args: args.raw }) };

/** Every method that this workspace answers, except apps.connections.open, which belongs to Socket Mode. */
export const methods: Record<string, Method> = {
  'api.test': apiTest,
  'auth.test': authTest,
  ...chatMethods,
  ...conversationMethods,
  ...memberMethods,
  ...historyMethods,
  ...markMethods,
  ...viewMethods,
  ...peopleMethods,
  ...fileMethods,
};
