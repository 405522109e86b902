import type { SlackChannel, SlackState, SlackUser } from './state.ts';

export interface UserSeed {
  id: string;
  name: string;
  realName?: string;
  email?: string;
  /** What somebody does, as a profile says it. */
  title?: string;
  teamId?: string;
  bot?: boolean;
  guest?: boolean;
}

export interface ChannelSeed {
  id: string;
  name: string;
  isPrivate?: boolean;
  /** Everybody of the workspace when left out. */
  members?: string[];
  /** Who made it; nobody known when left out. */
  creator?: string;
  purpose?: string;
  /** Another company is in it. */
  shared?: boolean;
  /** Whether the bot is a member; true when left out. */
  bot?: boolean;
}

export const defaultUsers: UserSeed[] = [
  { id: 'U01ANA', name: 'ana', realName: 'Ana Ito', email: 'ana@example.com' },
  { id: 'U01BEN', name: 'ben', realName: 'Ben Okoro', email: 'ben@example.com' },
  { id: 'U01CLEO', name: 'cleo', realName: 'Cleo Diaz', email: 'cleo@example.com' },
  { id: 'U01DAN', name: 'dan', realName: 'Dan Weber', email: 'dan@example.com' },
];

export const defaultChannels: ChannelSeed[] = [
  { id: 'C01GENERAL', name: 'general' },
  { id: 'C01LEADERS', name: 'leadership' },
];

/** What an app of the manifest is granted. */
export const ALL_SCOPES = [
  ...['commands', 'chat:write', 'channels:manage', 'channels:join', 'channels:read', 'channels:history'],
  ...['metadata.message:read', 'groups:read', 'groups:history', 'im:write', 'im:history', 'pins:write'],
  ...['files:write', 'users:read'],
];

export function newUser(seed: UserSeed, teamId: string): SlackUser {
  return {
    id: seed.id,
    name: seed.name,
    real_name: seed.realName ?? seed.name,
    team_id: seed.teamId ?? teamId,
    ...(seed.email === undefined ? {} : { email: seed.email }),
    ...(seed.title === undefined ? {} : { title: seed.title }),
    ...(seed.bot ? { is_bot: true } : {}),
    ...(seed.guest ? { is_restricted: true } : {}),
  };
}

export function newChannel(id: string, name: string, creator: string, created: number): SlackChannel {
  return {
    id,
    name,
    is_im: false,
    is_private: false,
    is_archived: false,
    created,
    creator,
    topic: '',
    purpose: '',
    members: [],
    pins: [],
    bookmarks: [],
  };
}

/** A workspace as it is on the first day: its people, its channels and the installed bot. */
export function newState(teamId: string, users: UserSeed[], channels: ChannelSeed[], now: number): SlackState {
  const bot = { user_id: 'U0LIFEBOAT', bot_id: 'B0LIFEBOAT', name: 'lifeboat' };
  const state: SlackState = {
    team: { id: teamId, name: 'Sandbox', domain: 'sandbox' },
    app_id: 'A0LIFEBOAT',
    bot,
    users: { [bot.user_id]: newUser({ id: bot.user_id, name: bot.name, realName: 'Lifeboat', bot: true }, teamId) },
    channels: {},
    messages: {},
    ephemerals: [],
    modals: {},
    homes: {},
    files: {},
    usergroups: [],
    triggers: {},
    response_urls: {},
    counter: 1000,
    last_ts: 0,
  };
  for (const seed of users) state.users[seed.id] = newUser(seed, teamId);
  for (const seed of channels) {
    const channel = newChannel(seed.id, seed.name, users[0]?.id ?? bot.user_id, Math.floor(now / 1000));
    channel.is_private = seed.isPrivate ?? false;
    channel.members = [...(seed.members ?? users.map((user) => user.id))];
    if (seed.bot ?? true) channel.members.push(bot.user_id);
    state.channels[seed.id] = channel;
    state.messages[seed.id] = [];
  }
  return state;
}
