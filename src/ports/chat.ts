import type { KnownBlock } from '@slack/types';
import type { Outcome } from '../domain/effect/outcome.ts';

export interface ChatMessage {
  /** A full sentence: the push notice and what screen readers read. */
  text: string;
  blocks?: KnownBlock[];
  /** The head of the incident's timeline, which the message remembers: an anchor outside the database. */
  record?: string;
}

export interface ChatFile {
  name: string;
  title: string;
  text: string;
}

/** A team chat in which incidents have channels; every post carries a key by which it can be found again. */
export interface ChatPort {
  /**
   * Creates the public channel `name`, or one with a number behind it where that name is kept by another channel; a
   * repeat returns the channel that was made since `since`.
   */
  openChannel(name: string, since: Date): Promise<Outcome<{ channel: string; name: string }>>;
  /** Invites users; those who are members already, or cannot be invited, are skipped and named in `skipped`. */
  invite(channel: string, users: string[]): Promise<Outcome<{ skipped: string[] }>>;
  setTopic(channel: string, topic: string): Promise<Outcome>;
  /** Posts to a channel id, a `#name` or a user id (a direct message); returns the real channel id and timestamp. */
  post(to: string, message: ChatMessage, key: string): Promise<Outcome<{ channel: string; ts: string }>>;
  /** Looks for the message that was posted with `key` no earlier than `since`; done(null) when it is surely absent. */
  find(to: string, key: string, since: Date): Promise<Outcome<{ channel: string; ts: string } | null>>;
  /** Puts a text file into the thread of a message, once: a file of that name that is there already is the same one. */
  attach(channel: string, ts: string, file: ChatFile): Promise<Outcome>;
  update(channel: string, ts: string, message: ChatMessage): Promise<Outcome>;
  pin(channel: string, ts: string): Promise<Outcome>;
  /** What the bot's own messages among the newest of a channel remember as `record`. */
  records(channel: string): Promise<Outcome<string[]>>;
  archive(channel: string): Promise<Outcome>;
}
