import { readableText } from './blocks.ts';
import type { SlackMessage } from './state.ts';
import type { Team } from './team.ts';

/** Which message: all that is given must fit. `key` is the key in the metadata's payload. */
export interface MessageFilter {
  /** Id or name; a pattern is matched against the name. */
  channel?: string | RegExp;
  /** In the text or anywhere in the blocks. */
  text?: string | RegExp;
  key?: string;
  /** The metadata's event type. */
  type?: string;
  user?: string;
  thread?: string;
}

/** All that a reader can see of a message: its text and that of its blocks. */
export const visibleText = (message: Pick<SlackMessage, 'text' | 'blocks'>): string =>
  `${message.text}\n${readableText(message.blocks)}`;

function channelFits(team: Team, id: string, wanted: string | RegExp): boolean {
  const channel = team.state.channels[id];
  if (wanted instanceof RegExp) return wanted.test(channel?.name ?? '');
  return id === wanted || channel?.name === wanted.replace(/^#/, '');
}

const textFits = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);

export function findMessages(team: Team, filter: MessageFilter): SlackMessage[] {
  return Object.values(team.state.messages)
    .flat()
    .filter(
      (message) =>
        (filter.channel === undefined || channelFits(team, message.channel, filter.channel)) &&
        (filter.text === undefined || textFits(visibleText(message), filter.text)) &&
        (filter.key === undefined || message.metadata?.event_payload['key'] === filter.key) &&
        (filter.type === undefined || message.metadata?.event_type === filter.type) &&
        (filter.user === undefined || message.user === filter.user) &&
        (filter.thread === undefined || message.thread_ts === filter.thread),
    );
}

/** Resolves with the first truthy answer of `look`, asked now and after each change. `timeout` is in ms. */
export function waitUntil<T>(
  team: Team,
  look: () => T | undefined | null | false,
  timeout: number,
  what: () => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(limit);
      team.off('changed', check);
    };
    const check = () => {
      try {
        const found = look();
        if (found === undefined || found === null || found === false) return;
        stop();
        resolve(found);
      } catch (error) {
        stop();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const limit = setTimeout(() => {
      stop();
      reject(new Error(`Waited ${timeout} ms in vain for ${what()}`));
    }, timeout);
    team.on('changed', check);
    check();
  });
}
