import type { SlackChannel, SlackMessage } from '@lifeboat/stand-ins/slack/state';

/** How far each person read each channel; before `baseline`, which is when the page was first opened, all is read. */
export interface Reads {
  readonly baseline: string;
  readonly upTo: Readonly<Record<string, string>>;
}

export interface Unread {
  count: number;
  /** Those that ask for this person: direct messages and mentions. */
  asks: number;
  /** The first one's timestamp. */
  first: string | null;
}

const keyOf = (me: string, channel: string): string => `${me}/${channel}`;

const readUpTo = (reads: Reads, me: string, channel: string): string => {
  const own = reads.upTo[keyOf(me, channel)] ?? '';
  return own > reads.baseline ? own : reads.baseline;
};

export function markRead(reads: Reads, me: string, channel: string, ts: string): Reads {
  if (ts <= readUpTo(reads, me, channel)) return reads;
  return { ...reads, upTo: { ...reads.upTo, [keyOf(me, channel)]: ts } };
}

/** What is new in a channel for a person; one's own messages do not count, and of replies in threads only mentions, as asking. */
export function unreadIn(
  reads: Reads,
  me: string,
  channel: SlackChannel,
  messages: readonly SlackMessage[] | undefined,
): Unread {
  const unread: Unread = { count: 0, asks: 0, first: null };
  if (messages === undefined || !channel.members.includes(me)) return unread;
  const from = readUpTo(reads, me, channel.id);
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message === undefined || message.ts <= from) break;
    if (message.user === me) continue;
    const mentioned = asksFor(message.text, me);
    const reply = message.thread_ts !== undefined && message.thread_ts !== message.ts;
    if (mentioned || (channel.is_im && !reply)) unread.asks++;
    if (reply) continue;
    unread.count++;
    unread.first = message.ts;
  }
  return unread;
}

const asksFor = (text: string, me: string): boolean =>
  text.includes(`<@${me}>`) || /<!(channel|here|everyone)/.test(text);
