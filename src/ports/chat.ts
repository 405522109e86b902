import type { KnownBlock } from '@slack/types';
import type { Outcome } from '../domain/effect/outcome.ts';

export interface ChatMessage {
  /** A full sentence: the push notice and what screen readers read. */
  text: string;
  blocks?: KnownBlock[];
  /** The head of the incident's timeline, which the message remembers: an anchor outside the database. */
  record?: string;
  /** The timestamp of the message in whose thread it belongs. */
  thread?: string;
}

export interface ChatFile {
  name: string;
  title: string;
  text: string;
}

/** A channel to be made for an incident. */
export interface NewChannel {
  name: string;
  /** Whose it is, unique among all installations. */
  owner: string;
  /** When the incident was declared. */
  since: Date;
  /** Whether an earlier attempt may have made it: then it is looked for. */
  again: boolean;
}

/** A message to be found again. */
export interface Search {
  to: string;
  key: string;
  /** It was posted no earlier. */
  since: Date;
  /** To be posted again rather than lost when the history cannot be read. */
  urgent?: boolean;
  /** The thread in which it was posted. */
  thread?: string | undefined;
}

/** Somebody who was not invited; the chat's refusals of messages begin with the same codes. */
export interface Uninvited {
  user: string;
  code: string;
}

export interface ChatHealth {
  /** Whether the chat is reached and takes the token. */
  answers: boolean;
  /** Why it cannot be used as it should now (not reached, token or permission refused), in words, or null. */
  problem: string | null;
}

/** A team chat in which incidents have channels; every post carries a key by which it can be found again. */
export interface ChatPort {
  /** Quick, cached, and asked once at a time. */
  health(): Promise<ChatHealth>;
  /**
   * Creates the public channel, or one with a number behind its name where another channel has that; `again` returns
   * the one that an earlier attempt made. A channel that somebody else made is never taken.
   */
  openChannel(wanted: NewChannel): Promise<Outcome<{ channel: string; name: string }>>;
  /** Invites users; those who are members already, or cannot be invited, are skipped and named with the chat's code for why. */
  invite(channel: string, users: string[]): Promise<Outcome<{ skipped: Uninvited[] }>>;
  setTopic(channel: string, topic: string): Promise<Outcome>;
  /** Posts to a channel id, a `#name` or a user id (a direct message); returns the real channel id and timestamp. */
  post(to: string, message: ChatMessage, key: string): Promise<Outcome<{ channel: string; ts: string }>>;
  /**
   * Looks for a message by its key. Retry: nobody knows yet, ask again; done(null): surely absent, which takes several
   * readings, or (`urgent`) not readable for long.
   */
  find(search: Search): Promise<Outcome<{ channel: string; ts: string } | null>>;
  /** Puts a text file into the thread of a message, once: a file of that name that is there already is the same one. */
  attach(channel: string, ts: string, file: ChatFile): Promise<Outcome>;
  update(channel: string, ts: string, message: ChatMessage): Promise<Outcome>;
  pin(channel: string, ts: string): Promise<Outcome>;
  /** What the bot's own messages among the newest of a channel remember as `record`. */
  records(channel: string): Promise<Outcome<string[]>>;
  archive(channel: string): Promise<Outcome>;
  /** Rejected where the chat lets no program do it. */
  unarchive(channel: string): Promise<Outcome>;
}
