import type { SlackBookmark, SlackChannel, SlackMessage } from './state.ts';
import type { Team } from './team.ts';

/** A channel as a test looks at it; always the present state. */
export class Room {
  readonly id: string;
  #team: Team;

  constructor(id: string, team: Team) {
    this.id = id;
    this.#team = team;
  }

  get channel(): SlackChannel {
    const channel = this.#team.state.channels[this.id];
    if (!channel) throw new Error(`There is no channel ${this.id} any more.`);
    return channel;
  }

  get name(): string {
    return this.channel.name;
  }

  get topic(): string {
    return this.channel.topic;
  }

  get purpose(): string {
    return this.channel.purpose;
  }

  get members(): string[] {
    return this.channel.members;
  }

  get archived(): boolean {
    return this.channel.is_archived;
  }

  get bookmarks(): SlackBookmark[] {
    return this.channel.bookmarks;
  }

  /** Everything written here, thread replies included, oldest first. */
  messages(): SlackMessage[] {
    return [...this.#team.messagesOf(this.id)];
  }

  /** The answers in the thread under `ts`. */
  replies(ts: string): SlackMessage[] {
    return this.messages().filter((message) => message.thread_ts === ts && message.ts !== ts);
  }

  /** The bot's messages that have blocks. */
  get cards(): SlackMessage[] {
    return this.messages().filter((message) => message.bot_id !== undefined && message.blocks !== undefined);
  }

  /** The pinned messages, oldest pin first. */
  get pins(): SlackMessage[] {
    return this.channel.pins.flatMap((ts) => this.#team.findMessage(this.id, ts) ?? []);
  }
}
