import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import type { SlackChannel, SlackEphemeral, SlackMessage, SlackState, SlackUser, SlackView } from './state.ts';
import { ALL_SCOPES, newChannel } from './defaults.ts';
import type { WireEntry } from './wire.ts';

/** What a page or a test can listen to. `changed` follows each of the others. */
export interface TeamEvents {
  message: [SlackMessage];
  updated: [SlackMessage];
  deleted: [SlackMessage];
  ephemeral: [SlackEphemeral];
  ephemeral_gone: [SlackEphemeral];
  channel: [SlackChannel];
  view: [SlackView];
  view_closed: [SlackView];
  request: [WireEntry];
  sockets: [number];
  undelivered: [{ kind: string; reason: string }];
  reset: [];
  changed: [];
}

/** The workspace's state with the rules that all methods share: ids, timestamps, look-ups, posting. */
/** Ids come from outside: what every object inherits (`constructor`, `__proto__`) must not be found as a user or channel. */
function withoutPrototypes(state: SlackState): SlackState {
  for (const records of Object.values(state) as unknown[]) {
    if (typeof records === 'object' && records !== null && !Array.isArray(records))
      Object.setPrototypeOf(records, null);
  }
  return state;
}

export class Team extends EventEmitter<TeamEvents> {
  #state: SlackState;
  readonly now: () => number;
  /** History shows a message only this many milliseconds after it was posted. */
  historyLagMs = 0;
  /** What the bot's token may do, as every answer says; a missing one refuses nothing here. */
  scopes: string[] = [...ALL_SCOPES];
  /** Slack lets no bot unarchive a channel; where it will some day, nothing else changes. */
  botsUnarchive = false;

  constructor(state: SlackState, now: () => number) {
    super();
    this.setMaxListeners(0);
    this.#state = withoutPrototypes(state);
    this.now = now;
  }

  get state(): SlackState {
    return this.#state;
  }

  set state(state: SlackState) {
    this.#state = withoutPrototypes(state);
  }

  /** An id like C0000003F; unique within the workspace's life. */
  nextId(prefix: string): string {
    this.state.counter += 1;
    return `${prefix}0${this.state.counter.toString(36).toUpperCase().padStart(8, '0')}`;
  }

  /** The ids that Slack makes up for blocks and elements: five random characters. */
  nextBlockId = (): string => randomBytes(4).toString('base64url').slice(0, 5);

  /** A message timestamp: seconds with six decimals, never the same twice. */
  nextTs(): string {
    this.state.last_ts = Math.max(this.state.last_ts + 1, Math.floor(this.now() * 1000));
    const seconds = Math.floor(this.state.last_ts / 1_000_000);
    return `${seconds}.${String(this.state.last_ts % 1_000_000).padStart(6, '0')}`;
  }

  user(id: string): SlackUser | undefined {
    return this.state.users[id];
  }

  /** By id, by name or by `#name`. */
  findChannel(idOrName: string): SlackChannel | undefined {
    const name = idOrName.replace(/^#/, '');
    return (
      this.state.channels[idOrName] ??
      Object.values(this.state.channels).find((channel) => !channel.is_im && channel.name === name)
    );
  }

  messagesOf(channel: string): SlackMessage[] {
    return (this.state.messages[channel] ??= []);
  }

  findMessage(channel: string, ts: string): SlackMessage | undefined {
    return this.messagesOf(channel).find((message) => message.ts === ts);
  }

  isMember(channel: SlackChannel, user: string): boolean {
    return channel.members.includes(user);
  }

  get botUser(): string {
    return this.state.bot.user_id;
  }

  /** The direct message channel between the bot and a person, opened when needed. */
  openIm(user: string): SlackChannel {
    const open = Object.values(this.state.channels).find((channel) => channel.is_im && channel.im_user === user);
    if (open) return open;
    const channel = newChannel(this.nextId('D'), '', this.botUser, Math.floor(this.now() / 1000));
    channel.is_im = true;
    channel.im_user = user;
    channel.members = [this.botUser, user];
    return this.addChannel(channel);
  }

  addChannel(channel: SlackChannel): SlackChannel {
    this.state.channels[channel.id] = channel;
    this.state.messages[channel.id] = [];
    this.announce('channel', channel);
    return channel;
  }

  addMessage(message: SlackMessage): SlackMessage {
    this.messagesOf(message.channel).push(message);
    this.announce('message', message);
    return message;
  }

  addEphemeral(ephemeral: SlackEphemeral): SlackEphemeral {
    this.state.ephemerals.push(ephemeral);
    this.announce('ephemeral', ephemeral);
    return ephemeral;
  }

  removeEphemeral(ephemeral: SlackEphemeral): void {
    this.state.ephemerals = this.state.ephemerals.filter((other) => other !== ephemeral);
    this.announce('ephemeral_gone', ephemeral);
  }

  modalsOf(user: string): SlackView[] {
    return (this.state.modals[user] ??= []);
  }

  announce(name: 'message' | 'updated' | 'deleted', what: SlackMessage): void;
  announce(name: 'ephemeral' | 'ephemeral_gone', what: SlackEphemeral): void;
  announce(name: 'channel', what: SlackChannel): void;
  announce(name: 'view' | 'view_closed', what: SlackView): void;
  announce(name: keyof TeamEvents, what: never): void {
    this.emit(name, what);
    this.emit('changed');
  }
}
