import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';

/** A thread as its first message shows it. */
export interface ReplySummary {
  readonly count: number;
  readonly last: string;
  /** Who wrote, the latest first; at most three, parted by spaces, so that equal ones compare as equal. */
  readonly users: string;
}

const isReply = ({ thread_ts, ts }: SlackMessage): boolean => thread_ts !== undefined && thread_ts !== ts;

/** What stands in the channel itself. */
export const roots = (messages: readonly SlackMessage[]): SlackMessage[] =>
  messages.filter((message) => !isReply(message));

export const repliesTo = (messages: readonly SlackMessage[], ts: string): SlackMessage[] =>
  messages.filter((message) => message.thread_ts === ts && isReply(message));

/** Every thread of a channel, by the timestamp of its first message. */
export function summarise(messages: readonly SlackMessage[]): ReadonlyMap<string, ReplySummary> {
  const threads = new Map<string, ReplySummary>();
  for (const message of messages) {
    if (message.thread_ts === undefined || !isReply(message)) continue;
    const { count = 0, users = '' } = threads.get(message.thread_ts) ?? {};
    const others = users.split(' ').filter((user) => user !== '' && user !== message.user);
    const latest = [message.user, ...others].slice(0, 3).join(' ');
    threads.set(message.thread_ts, { count: count + 1, last: message.ts, users: latest });
  }
  return threads;
}
