import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../../../src/domain/json.ts';
import { presentMessage, presentView } from './present.ts';
import type { SlackChannel, SlackEphemeral, SlackMessage, SlackResponseUrl, SlackUser, SlackView } from './state.ts';
import type { Team } from './team.ts';

/** Who does something, and the team that the request claims to come from (the workspace's own when left out). */
export interface Actor {
  user: SlackUser;
  teamId?: string;
}

/** The deprecated verification token: present in each payload, and worth nothing. */
const token = 'deprecated-verification-token';

/** Drops what is long out of date, so that a workspace can run for weeks; the entries are in order of age. */
function forgetBefore<T extends { issued_at: number }>(entries: Record<string, T>, limit: number): void {
  for (const id in entries) {
    if ((entries[id]?.issued_at ?? 0) >= limit) return;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record, because the state is plain JSON
    delete entries[id];
  }
}

function issueTrigger(team: Team, user: string, view?: SlackView): string {
  const id = `${team.nextId('')}.${String(Math.floor(team.now() / 1000))}.${randomBytes(8).toString('hex')}`;
  forgetBefore(team.state.triggers, team.now() - 10 * 60_000);
  team.state.triggers[id] = {
    id,
    user,
    issued_at: team.now(),
    used: false,
    ...(view ? { view_id: view.id } : {}),
  };
  return id;
}

function issueResponseUrl(team: Team, base: string, hook: Omit<SlackResponseUrl, 'id' | 'issued_at' | 'uses'>): string {
  const id = `${team.state.team.id}/${randomBytes(12).toString('hex')}`;
  forgetBefore(team.state.response_urls, team.now() - 60 * 60_000);
  team.state.response_urls[id] = { ...hook, id, issued_at: team.now(), uses: 0 };
  return `${base}/${hook.from === 'command' ? 'commands' : 'actions'}/${id}`;
}

const teamOf = (team: Team, { teamId }: Actor): JsonObject => ({
  id: teamId ?? team.state.team.id,
  domain: team.state.team.domain,
});
const userOf = (team: Team, { user }: Actor): JsonObject => ({
  id: user.id,
  username: user.name,
  name: user.name,
  team_id: user.team_id === '' ? team.state.team.id : user.team_id,
});
const channelName = (channel: SlackChannel): string => (channel.is_im ? 'directmessage' : channel.name);

const common = (team: Team, actor: Actor): JsonObject => ({
  token,
  team: teamOf(team, actor),
  user: userOf(team, actor),
  api_app_id: team.state.app_id,
  enterprise: null,
  is_enterprise_install: false,
});

export function slashCommand(
  team: Team,
  base: string,
  actor: Actor,
  channel: SlackChannel,
  command: string,
  text: string,
): JsonObject {
  const { user } = actor;
  return {
    token,
    team_id: actor.teamId ?? team.state.team.id,
    team_domain: team.state.team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: team.state.app_id,
    is_enterprise_install: 'false',
    response_url: issueResponseUrl(team, base, { user: user.id, channel: channel.id, from: 'command' }),
    trigger_id: issueTrigger(team, user.id),
  };
}

/** What a pressed element hangs on. */
export type Source =
  | { kind: 'message'; message: SlackMessage; channel: SlackChannel }
  | { kind: 'ephemeral'; ephemeral: SlackEphemeral; channel: SlackChannel }
  | { kind: 'view'; view: SlackView };

export function blockActions(team: Team, base: string, actor: Actor, source: Source, action: JsonObject): JsonObject {
  const { user } = actor;
  const rest = { type: 'block_actions', ...common(team, actor), actions: [{ ...action, action_ts: team.nextTs() }] };
  if (source.kind === 'view') {
    const { view } = source;
    return {
      ...rest,
      container: { type: 'view', view_id: view.id },
      view: presentView(team.state, view),
      trigger_id: issueTrigger(team, user.id, view),
    };
  }
  const { channel } = source;
  const shown = source.kind === 'message' ? source.message : source.ephemeral;
  const hook = { user: user.id, channel: channel.id, from: 'action' as const };
  return {
    ...rest,
    container: {
      type: 'message',
      message_ts: shown.ts,
      channel_id: channel.id,
      is_ephemeral: source.kind === 'ephemeral',
    },
    channel: { id: channel.id, name: channelName(channel) },
    ...(source.kind === 'message' ? { message: presentMessage(team.state, source.message) } : {}),
    state: { values: {} },
    response_url: issueResponseUrl(
      team,
      base,
      source.kind === 'message' ? { ...hook, message_ts: shown.ts } : { ...hook, ephemeral_id: source.ephemeral.id },
    ),
    trigger_id: issueTrigger(team, user.id),
  };
}

export const viewSubmission = (team: Team, actor: Actor, view: SlackView): JsonObject => ({
  type: 'view_submission',
  ...common(team, actor),
  trigger_id: issueTrigger(team, actor.user.id, view),
  view: presentView(team.state, view),
  response_urls: [],
});

export const viewClosed = (team: Team, actor: Actor, view: SlackView): JsonObject => ({
  type: 'view_closed',
  ...common(team, actor),
  view: presentView(team.state, view),
  is_cleared: false,
});

export const globalShortcut = (team: Team, actor: Actor, callbackId: string): JsonObject => ({
  type: 'shortcut',
  ...common(team, actor),
  callback_id: callbackId,
  trigger_id: issueTrigger(team, actor.user.id),
  action_ts: team.nextTs(),
});

export function messageShortcut(
  team: Team,
  base: string,
  actor: Actor,
  callbackId: string,
  message: SlackMessage,
  channel: SlackChannel,
): JsonObject {
  const hook = { user: actor.user.id, channel: channel.id, from: 'action' as const, message_ts: message.ts };
  return {
    type: 'message_action',
    ...common(team, actor),
    callback_id: callbackId,
    trigger_id: issueTrigger(team, actor.user.id),
    message_ts: message.ts,
    channel: { id: channel.id, name: channelName(channel) },
    message: presentMessage(team.state, message),
    response_url: issueResponseUrl(team, base, hook),
    action_ts: team.nextTs(),
  };
}

export function eventCallback(team: Team, event: JsonObject): JsonObject {
  return {
    token,
    team_id: team.state.team.id,
    context_team_id: team.state.team.id,
    api_app_id: team.state.app_id,
    event: { ...event, event_ts: team.nextTs() },
    type: 'event_callback',
    event_id: team.nextId('Ev'),
    event_time: Math.floor(team.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.state.team.id,
        user_id: team.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
