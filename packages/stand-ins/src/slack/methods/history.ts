import type { Args } from '../args.ts';
import { presentMessage } from '../present.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackMessage } from '../state.ts';
import type { Team } from '../team.ts';
import { channelOf, type Method, page } from './method.ts';

/** Microseconds of a timestamp like 1700000000.000100; exact, unlike a float of seconds. */
function micros(ts: string, fallback: bigint, refusal = 'invalid_ts_latest'): bigint {
  if (ts === '') return fallback;
  const match = /^(\d+)(?:\.(\d{1,6}))?\d*$/.exec(ts);
  if (!match) throw new SlackRefusal(refusal);
  return BigInt(match[1] ?? '0') * 1_000_000n + BigInt((match[2] ?? '').padEnd(6, '0'));
}

/** The messages between `oldest` and `latest`; both ends are left out unless `inclusive`. */
function within(messages: SlackMessage[], args: Args): SlackMessage[] {
  const oldest = micros(args.str('oldest'), -1n, 'invalid_ts_oldest');
  const latest = micros(args.str('latest'), 1n << 80n);
  const inclusive = args.flag('inclusive');
  return messages.filter(({ ts }) => {
    const at = micros(ts, 0n);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
}

/** What history already shows: reads lag behind posts by the workspace's history lag. */
const settled = (team: Team, messages: SlackMessage[]): SlackMessage[] =>
  messages.filter((message) => message.posted_at + team.historyLagMs <= team.now());

function read(pick: (messages: SlackMessage[], args: Args) => SlackMessage[]): Method {
  return {
    tier: 3,
    run(call) {
      const { team, args } = call;
      const channel = channelOf(call);
      if (!team.isMember(channel, team.botUser)) throw new SlackRefusal('not_in_channel');
      const depth = args.flag('include_all_metadata') ? 'all' : 'type';
      const messages = pick(settled(team, team.messagesOf(channel.id)), args);
      const found = page(messages, args, args.count('limit', 100, 999));
      return {
        messages: found.items.map((message) => presentMessage(team.state, message, depth)),
        has_more: found.next !== '',
        pin_count: channel.pins.length,
        ...(found.next === '' ? {} : { response_metadata: { next_cursor: found.next } }),
      };
    },
  };
}

/** Newest first, and without the replies in threads. */
const history = read((messages, args) =>
  within(
    messages.filter((message) => message.thread_ts === undefined || message.thread_ts === message.ts),
    args,
  ).reverse(),
);

/** The parent, then its replies, oldest first. */
const replies = read((messages, args) => {
  const root = args.str('ts');
  const parent = messages.find((message) => message.ts === root);
  if (!parent) throw new SlackRefusal('thread_not_found');
  const answers = messages.filter((message) => message.thread_ts === root && message.ts !== root);
  return [parent, ...within(answers, args)];
});

export const historyMethods: Record<string, Method> = {
  'conversations.history': history,
  'conversations.replies': replies,
};
