import type { JsonObject } from '../../../../src/domain/json.ts';
import { type ChannelSeed, newChannel, newUser, type UserSeed } from './defaults.ts';
import type { Answer } from './delivery.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Echo } from './echo.ts';
import type { Faults } from './faults.ts';
import type { RateLimits } from './limits.ts';
import { eventCallback } from './payloads.ts';
import { Person } from './person.ts';
import { Room } from './room.ts';
import type { RequestUrls } from './sender.ts';
import type { SlackServer } from './server.ts';
import type { SocketHub } from './socket-mode.ts';
import type { SlackChannel, SlackMessage, SlackState, SlackUserGroup } from './state.ts';
import type { Team } from './team.ts';
import { findMessages, type MessageFilter, visibleText, waitUntil } from './waiting.ts';
import { busiest, type Wire, type WireEntry } from './wire.ts';

export interface WaitOptions {
  /** Milliseconds; 5000 when left out. */
  timeout?: number;
}

interface Parts {
  team: Team;
  echo: Echo;
  wire: Wire;
  faults: Faults;
  limits: RateLimits;
  dispatcher: Dispatcher;
  server: SlackServer;
  fresh: () => SlackState;
  base: () => string;
}

/** The vocabulary: people and what they do, channels and what stands in them, faults, and what went over the wire. */
export class Workspace {
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly wire: Wire;
  /** Emits message, updated, deleted, ephemeral, channel, view, view_closed, request, sockets, undelivered, changed. */
  readonly events: Team;
  readonly sockets: SocketHub;
  #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.faults = parts.faults;
    this.limits = parts.limits;
    this.wire = parts.wire;
    this.events = parts.team;
    this.sockets = parts.dispatcher.hub;
  }

  get #team(): Team {
    return this.#parts.team;
  }

  /** Where the bot takes commands, interactions and events over HTTP; undefined means Socket Mode. */
  set requestUrl(urls: RequestUrls | undefined) {
    this.#parts.dispatcher.http.urls = urls;
  }

  /** After how many ms an unanswered HTTP event is sent again; Slack: 0, 60 000, 300 000. */
  set eventRetryDelaysMs(delays: number[]) {
    this.#parts.dispatcher.eventRetryDelaysMs = delays;
  }

  /** Whether the bot hears of its own posts and edits (message, message_changed, message_metadata_posted). */
  set echo(on: boolean) {
    this.#parts.echo.on = on;
  }

  /** By id or by name. */
  user(id: string): Person {
    const team = this.#team;
    const known = team.user(id) ?? Object.values(team.state.users).find((user) => user.name === id);
    if (!known) throw new Error(`There is no user ${id}; there are ${Object.keys(team.state.users).join(', ')}.`);
    return new Person(known.id, team, this.#parts.dispatcher, this.#parts.base);
  }

  addUser(seed: UserSeed): Person {
    this.#team.state.users[seed.id] = newUser(seed, this.#team.state.team.id);
    return this.user(seed.id);
  }

  addUserGroup(group: SlackUserGroup): void {
    this.#team.state.usergroups.push(group);
  }

  /** By id, name or `#name`. */
  channel(idOrName: string): Room {
    const channel = this.#team.findChannel(idOrName);
    if (!channel)
      throw new Error(`There is no channel ${idOrName}; there are ${this.channels.map((one) => one.name).join(', ')}.`);
    return new Room(channel.id, this.#team);
  }

  /** All channels but direct messages. */
  get channels(): SlackChannel[] {
    return Object.values(this.#team.state.channels).filter((channel) => !channel.is_im);
  }

  addChannel(seed: ChannelSeed): Room {
    const channel = newChannel(seed.id, seed.name, seed.creator ?? '', Math.floor(this.#team.now() / 1000));
    channel.is_private = seed.isPrivate ?? false;
    channel.is_ext_shared = seed.shared ?? false;
    channel.purpose = seed.purpose ?? '';
    channel.members = [...(seed.members ?? Object.keys(this.#team.state.users))];
    const bot = this.#team.botUser;
    channel.members = channel.members.filter((member) => member !== bot);
    if (seed.bot ?? true) channel.members.push(bot);
    return new Room(this.#team.addChannel(channel).id, this.#team);
  }

  messages(filter: MessageFilter = {}): SlackMessage[] {
    return findMessages(this.#team, filter);
  }

  /** Resolves with the first message that fits, or with the first truthy answer; the error says what was there. */
  waitFor(what: MessageFilter, options?: WaitOptions): Promise<SlackMessage>;
  waitFor<T>(what: () => T | undefined | null | false, options?: WaitOptions): Promise<T>;
  waitFor<T>(
    what: MessageFilter | (() => T | undefined | null | false),
    options: WaitOptions = {},
  ): Promise<T | SlackMessage> {
    const timeout = options.timeout ?? 5000;
    if (typeof what === 'function') return waitUntil(this.#team, what, timeout, () => what.toString());
    return waitUntil(
      this.#team,
      () => this.messages(what)[0],
      timeout,
      () => `${describe(what)}\n${this.#overview()}`,
    );
  }

  /** Resolves with the channel as soon as it exists. */
  waitForChannel(name: string | RegExp, options: WaitOptions = {}): Promise<Room> {
    const found = () =>
      this.channels.find((channel) =>
        typeof name === 'string' ? channel.name === name.replace(/^#/, '') : name.test(channel.name),
      );
    const room = () => {
      const channel = found();
      return channel && new Room(channel.id, this.#team);
    };
    return waitUntil(this.#team, room, options.timeout ?? 5000, () => `channel ${String(name)}\n${this.#overview()}`);
  }

  /** The Web API calls that the bot made, refused and failed ones included. */
  requests(method?: string): WireEntry[] {
    return this.wire.list({ direction: 'in', ...(method === undefined ? {} : { method }) });
  }

  /** The largest number of calls within `windowMs`, e.g. of chat.postMessage to one channel within a second. */
  burst(method: string, { channel, windowMs = 1000 }: { channel?: string; windowMs?: number } = {}): number {
    const calls = this.requests(method).filter(
      (entry) => channel === undefined || entry.request['channel'] === channel,
    );
    return busiest(calls, windowMs);
  }

  /** Sends the last request to the bot again: over HTTP byte for byte, over a socket under the same envelope id. */
  replayLast(): Promise<Answer> {
    return this.#parts.dispatcher.replayLast();
  }

  /** Sends an event that no person caused. */
  sendEvent(event: JsonObject): Promise<Answer> {
    return this.#parts.dispatcher.deliver('events_api', eventCallback(this.#team, event));
  }

  /** Slack is down (true) or back: connections are reset, sockets dropped. */
  outage(down: boolean): void {
    this.#parts.server.outage(down);
  }

  /** From now on history and replies show a message only so many ms after it was posted; Infinity hides all. */
  historyLag(ms: number): void {
    this.#team.historyLagMs = ms;
  }

  /** Whether a bot may unarchive channels, which Slack lets none. */
  botsUnarchive(may: boolean): void {
    this.#team.botsUnarchive = may;
  }

  /** What the bot's token is said to be allowed from now on; nothing is refused for it. */
  grant(scopes: string[]): void {
    this.#team.scopes = scopes;
  }

  snapshot(): SlackState {
    return structuredClone(this.#team.state);
  }

  restore(state: SlackState): void {
    this.#team.state = structuredClone(state);
    this.#team.emit('reset');
    this.#team.emit('changed');
  }

  /** Back to the first day: no messages, faults, lag, limits or recorded requests. Open sockets stay. */
  reset(): void {
    this.faults.clear();
    this.limits.clear();
    this.limits.mode = 'off';
    this.wire.clear();
    this.#team.historyLagMs = 0;
    this.#team.botsUnarchive = false;
    this.echo = false;
    this.outage(false);
    const { counter, last_ts } = this.#team.state;
    this.restore({ ...this.#parts.fresh(), counter, last_ts });
  }

  #overview(): string {
    const lines = this.messages().map((message) => {
      const name = this.#team.state.channels[message.channel]?.name ?? message.channel;
      return `  #${name} ${message.user}: ${visibleText(message).replaceAll('\n', ' | ').slice(0, 200)}`;
    });
    return lines.length === 0 ? 'There are no messages.' : `There is:\n${lines.slice(-30).join('\n')}`;
  }
}

const describe = (filter: MessageFilter): string =>
  `a message with ${Object.entries(filter)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ')}.`;
