import type { EffectIntent } from '../effect/effect.ts';
import { postIntent } from '../effect/intents.ts';
import type { Incident } from './incident.ts';

/** Why the chat cannot reach a person or a channel of the estate. */
export type WhyUnreached = 'unknown' | 'deactivated' | 'guest' | 'bot' | 'archived' | 'refused';

/** By the code with which the chat's refusals begin. Those that are about the message, not about its reader, stand not here. */
const BY_CODE: Readonly<Record<string, WhyUnreached>> = {
  user_not_found: 'unknown',
  users_not_found: 'unknown',
  no_user: 'unknown',
  user_not_visible: 'unknown',
  channel_not_found: 'unknown',
  user_disabled: 'deactivated',
  user_is_restricted: 'guest',
  user_is_ultra_restricted: 'guest',
  ura_max_channels: 'guest',
  cannot_dm_bot: 'bot',
  cant_invite_self: 'bot',
  is_archived: 'archived',
  cant_invite: 'refused',
  failed_for_some_users: 'refused',
  user_team_not_in_channel: 'refused',
  not_in_channel: 'refused',
  channel_is_limited_access: 'refused',
  restricted_action: 'refused',
  restricted_action_read_only_channel: 'refused',
};

/** `reason` is a code, or begins with one; null where the reader is not the cause. */
export function whyUnreached(reason: string): WhyUnreached | null {
  const [code = ''] = reason.split(':');
  return Object.hasOwn(BY_CODE, code) ? (BY_CODE[code] ?? null) : null;
}

/** What is said of one reader in one incident; its key makes it once. */
export const unreachedKey = (incident: number, to: string): string => `post:${incident}:unreached:${to}:incident`;

/** Says in the channel that a reader, a user id or an audience's channel, is not reached, and what to do. */
export function unreachedIntents({ id }: Pick<Incident, 'id'>, to: string, reason: string): EffectIntent[] {
  const why = whyUnreached(reason);
  if (to === 'incident' || why === null) return [];
  const params = { unreachable: to, why };
  return [postIntent({ incident: id, key: `unreached:${to}`, template: 'not-reached', to: 'incident', params })];
}
