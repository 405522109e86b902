import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import type { SlackChannel, SlackFile, SlackMessage, SlackState, SlackUser, SlackView } from './state.ts';

/** A JSON object without the fields that are undefined. */
export function compact(fields: Record<string, Json | undefined>): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) result[key] = value;
  return result;
}

/** How much of a message's metadata a reader gets: history without include_all_metadata sees only the type. */
export type MetadataDepth = 'all' | 'type';

export function presentMessage(state: SlackState, message: SlackMessage, depth: MetadataDepth = 'all'): JsonObject {
  const { metadata } = message;
  const replies = (state.messages[message.channel] ?? []).filter(
    (other) => other.thread_ts === message.ts && other.ts !== message.ts,
  );
  return compact({
    type: 'message',
    subtype: message.bot_id !== undefined && message.user === '' ? 'bot_message' : undefined,
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: state.team.id,
    bot_id: message.bot_id,
    app_id: message.bot_id === undefined ? undefined : state.app_id,
    client_msg_id: message.client_msg_id,
    blocks: message.blocks,
    attachments: message.attachments,
    thread_ts: message.thread_ts ?? (replies.length > 0 ? message.ts : undefined),
    reply_count: replies.length > 0 ? replies.length : undefined,
    latest_reply: replies.at(-1)?.ts,
    edited: message.edited === undefined ? undefined : { ...message.edited },
    reactions: message.reactions?.map((reaction) => ({ ...reaction, count: reaction.users.length })),
    files: message.files?.map((id) => presentFile(state.files[id])),
    metadata:
      metadata === undefined
        ? undefined
        : depth === 'all'
          ? { event_type: metadata.event_type, event_payload: metadata.event_payload }
          : { event_type: metadata.event_type },
  });
}

export function presentFile(file: SlackFile | undefined): JsonObject {
  if (!file) return { mode: 'tombstone' };
  return { id: file.id, name: file.name, title: file.title, size: file.bytes, channels: [...file.channels] };
}

export function presentChannel(channel: SlackChannel, reader: string): JsonObject {
  if (channel.is_im) {
    return compact({
      id: channel.id,
      created: channel.created,
      is_im: true,
      user: channel.im_user,
      is_archived: false,
    });
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.is_private,
    is_group: channel.is_private,
    is_im: false,
    is_mpim: false,
    is_private: channel.is_private,
    is_archived: channel.is_archived,
    is_general: channel.name === 'general',
    is_member: channel.members.includes(reader),
    created: channel.created,
    creator: channel.creator,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: channel.purpose, creator: '', last_set: 0 },
    num_members: channel.members.length,
  };
}

export function presentUser(user: SlackUser): JsonObject {
  return {
    id: user.id,
    team_id: user.team_id,
    name: user.name,
    real_name: user.real_name,
    deleted: user.deleted ?? false,
    is_bot: user.is_bot ?? false,
    is_restricted: user.is_restricted ?? false,
    is_ultra_restricted: false,
    tz: user.tz ?? 'Europe/Berlin',
    profile: compact({ real_name: user.real_name, display_name: user.name, email: user.email, team: user.team_id }),
  };
}

export function presentView(state: SlackState, view: SlackView): JsonObject {
  const sent = view.view;
  return {
    id: view.id,
    team_id: state.team.id,
    app_id: state.app_id,
    app_installed_team_id: state.team.id,
    bot_id: state.bot.bot_id,
    type: view.type,
    callback_id: view.callback_id,
    title: sent['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    submit: sent['submit'] ?? null,
    close: sent['close'] ?? null,
    blocks: view.blocks,
    private_metadata: view.private_metadata,
    external_id: view.external_id,
    state: { values: view.state },
    hash: view.hash,
    clear_on_close: sent['clear_on_close'] ?? false,
    notify_on_close: sent['notify_on_close'] ?? false,
    root_view_id: view.root_view_id,
    previous_view_id: view.previous_view_id,
  };
}
