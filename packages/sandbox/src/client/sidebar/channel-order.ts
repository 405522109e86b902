import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';

export interface ChannelGroups {
  incidents: SlackChannel[];
  others: SlackChannel[];
  archived: SlackChannel[];
  direct: SlackChannel[];
}

/** What a person sees in the side bar: the newest incident first, the others by name. */
export function groupChannels(channels: Iterable<SlackChannel>, me: string): ChannelGroups {
  const groups: ChannelGroups = { incidents: [], others: [], archived: [], direct: [] };
  for (const channel of channels) {
    if (!maySee(channel, me)) continue;
    if (channel.is_im) groups.direct.push(channel);
    else if (channel.is_archived) groups.archived.push(channel);
    else if (isIncident(channel)) groups.incidents.push(channel);
    else groups.others.push(channel);
  }
  groups.incidents.sort(newestFirst);
  groups.archived.sort(newestFirst);
  groups.others.sort((one, other) => one.name.localeCompare(other.name));
  return groups;
}

/** Public channels are everybody's to look into; the rest belongs to its members. */
export function maySee(channel: SlackChannel, me: string): boolean {
  if (channel.is_im) return channel.im_user === me;
  return !channel.is_private || channel.members.includes(me);
}

const isIncident = ({ name }: SlackChannel): boolean => /^dr-\d/.test(name);

const SEVERITY = {
  P0: 'red_circle',
  P1: 'large_orange_circle',
  P2: 'large_yellow_circle',
  P3: 'large_blue_circle',
} as const;

/** An emoji's name for an incident's severity or end, as its topic says it. */
export function severityMark({ topic }: SlackChannel): { emoji: string; words: string } | null {
  const state = topic.split(' · ')[1] ?? '';
  if (/^(resolved|closed)/i.test(state)) return { emoji: 'white_check_mark', words: state.toLowerCase() };
  const level = (['P0', 'P1', 'P2', 'P3'] as const).find((one) => state.startsWith(one));
  return level === undefined ? null : { emoji: SEVERITY[level], words: level };
}

const newestFirst = (one: SlackChannel, other: SlackChannel): number =>
  other.created - one.created || other.name.localeCompare(one.name, undefined, { numeric: true });
