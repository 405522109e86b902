import type { JsonObject } from '../../../../src/domain/json.ts';

/** A person or bot of the workspace. `team_id` other than the workspace's own marks a Slack Connect outsider. */
export interface SlackUser {
  id: string;
  name: string;
  real_name: string;
  /** What the person is, as the profile says it: "On call for the database". */
  title?: string;
  team_id: string;
  email?: string;
  is_bot?: boolean;
  is_restricted?: boolean;
  deleted?: boolean;
  tz?: string;
}

export interface SlackBookmark {
  id: string;
  title: string;
  type: string;
  link?: string;
  emoji?: string;
}

/** A channel, or (is_im) a direct message with the user `im_user`. Times are Unix seconds. */
export interface SlackChannel {
  id: string;
  name: string;
  is_im: boolean;
  is_private: boolean;
  is_archived: boolean;
  created: number;
  creator: string;
  im_user?: string;
  topic: string;
  purpose: string;
  members: string[];
  /** Timestamps of the pinned messages, oldest pin first. */
  pins: string[];
  bookmarks: SlackBookmark[];
}

interface SlackReaction {
  name: string;
  users: string[];
}

export interface SlackMetadata {
  event_type: string;
  event_payload: JsonObject;
}

export interface SlackMessage {
  channel: string;
  ts: string;
  text: string;
  /** Who wrote it: a person or the bot's user. */
  user: string;
  bot_id?: string;
  client_msg_id?: string;
  blocks?: JsonObject[];
  attachments?: JsonObject[];
  metadata?: SlackMetadata;
  thread_ts?: string;
  edited?: { user: string; ts: string };
  reactions?: SlackReaction[];
  files?: string[];
  /** Milliseconds on the workspace's clock; history shows a message only after the history lag. */
  posted_at: number;
  /** How often it was edited. */
  edits: number;
}

/** What only one person sees: an ephemeral post, or the answer to a command or button. */
export interface SlackEphemeral {
  id: string;
  channel: string;
  user: string;
  text: string;
  blocks?: JsonObject[];
  ts: string;
  via: 'chat.postEphemeral' | 'ack' | 'response_url';
}

/** An open modal or a published home. `view` is what the bot sent, with the block and action ids filled in. */
export interface SlackView {
  id: string;
  user: string;
  type: 'modal' | 'home';
  callback_id: string;
  hash: string;
  private_metadata: string;
  external_id: string;
  root_view_id: string;
  previous_view_id: string | null;
  view: JsonObject;
  blocks: JsonObject[];
  state: JsonObject;
}

export interface SlackFile {
  id: string;
  name: string;
  title: string;
  bytes: number;
  content: string;
  complete: boolean;
  channels: string[];
}

export interface SlackUserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export interface SlackTrigger {
  id: string;
  user: string;
  issued_at: number;
  used: boolean;
  view_id?: string;
}

export interface SlackResponseUrl {
  id: string;
  user: string;
  channel: string;
  issued_at: number;
  uses: number;
  message_ts?: string;
  ephemeral_id?: string;
  from: 'command' | 'action';
}

/** Everything the workspace knows; plain JSON, so that it can be stored and put back. */
export interface SlackState {
  team: { id: string; name: string; domain: string };
  app_id: string;
  bot: { user_id: string; bot_id: string; name: string };
  users: Record<string, SlackUser>;
  channels: Record<string, SlackChannel>;
  messages: Record<string, SlackMessage[]>;
  ephemerals: SlackEphemeral[];
  /** Open modals per user, the top one last. */
  modals: Record<string, SlackView[]>;
  homes: Record<string, SlackView>;
  files: Record<string, SlackFile>;
  usergroups: SlackUserGroup[];
  triggers: Record<string, SlackTrigger>;
  response_urls: Record<string, SlackResponseUrl>;
  counter: number;
  /** The last timestamp given out, in microseconds: timestamps never repeat. */
  last_ts: number;
}
