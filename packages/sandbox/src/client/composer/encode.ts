import type { SlackChannel, SlackUser } from '@lifeboat/stand-ins/slack/state';

export interface Directory {
  readonly users: ReadonlyMap<string, SlackUser>;
  readonly channels: ReadonlyMap<string, SlackChannel>;
}

/** What was typed, as Slack sends it: `@ana` is `<@U…>`, `#general` is `<#C…|general>`, links stand in brackets. */
export function encodeMessage(text: string, { users, channels }: Directory): string {
  const named = byName([...channels.values()].filter(({ is_im }) => !is_im));
  return encodeCommand(text, users)
    .replaceAll(/(^|\s)@(channel|here|everyone)\b/g, '$1<!$2>')
    .replaceAll(/(^|\s)#([a-z0-9_-]+)/g, (all, space: string, name: string) => {
      const channel = named.get(name);
      return channel === undefined ? all : `${space}<#${channel.id}|${channel.name}>`;
    })
    .replaceAll(/(^|\s)(https?:\/\/[^\s<>]+[^\s<>.,;:!?)])/g, '$1<$2>');
}

/** The words behind a command: people are named by their id, and `&`, `<` and `>` mean only themselves. */
export function encodeCommand(text: string, users: Directory['users']): string {
  const named = byName([...users.values()].filter(({ deleted }) => deleted !== true));
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(^|[\s(])@([\p{L}\d][\p{L}\d._-]*)/gu, (all, before: string, name: string) => {
      const [known, rest] = longestKnown(name, named);
      return known === undefined ? all : `${before}<@${known.id}>${rest}`;
    });
}

/** A name may be followed by a full stop that is not part of it. */
function longestKnown(name: string, named: ReadonlyMap<string, SlackUser>): [SlackUser | undefined, string] {
  const bare = name.replace(/[._-]+$/, '');
  const exact = named.get(name.toLowerCase());
  return exact ? [exact, ''] : [named.get(bare.toLowerCase()), name.slice(bare.length)];
}

const byName = <T extends { name: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((one) => [one.name.toLowerCase(), one]));
