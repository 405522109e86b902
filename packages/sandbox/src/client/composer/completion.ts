import type { SlackUser } from '@lifeboat/stand-ins/slack/state';
import type { CommandHint } from '../../page/protocol.ts';

export interface Option {
  id: string;
  label: string;
  detail: string;
  /** The name of an emoji that stands before the label. */
  emoji?: string;
  /** What takes the place of the text between `from` and `to`. */
  insert: string;
}

export interface Completion {
  /** The name of the list. */
  title: string;
  from: number;
  to: number;
  options: readonly Option[];
  /** Whether Enter takes the first option; otherwise Enter sends, until an arrow chose one. */
  eager: boolean;
  /** How the command that is being typed is used. */
  hint?: { usage: string; summary: string };
}

export interface Vocabulary {
  users: ReadonlyMap<string, SlackUser>;
  commands: readonly CommandHint[];
  /** Names without colons. */
  emojiNames: readonly string[];
}

const MOST = 8;

/** What could stand at the caret, or null. */
export function complete(text: string, caret: number, words: Vocabulary): Completion | null {
  const before = text.slice(0, caret);
  return person(before, words) ?? emoji(before, words) ?? command(text, before, words.commands);
}

export const applyOption = (
  text: string,
  { from, to }: Completion,
  { insert }: Option,
): { text: string; caret: number } => ({
  text: text.slice(0, from) + insert + text.slice(to),
  caret: from + insert.length,
});

function person(before: string, { users }: Vocabulary): Completion | null {
  const typed = /(?:^|[\s(])@([\p{L}\d._-]*)$/u.exec(before)?.[1]?.toLowerCase();
  if (typed === undefined) return null;
  const options = [...users.values()]
    .filter(({ name, real_name, deleted }) => deleted !== true && startsAWord(`${name} ${real_name}`, typed))
    .slice(0, MOST)
    .map(({ id, name, real_name }) => ({ id, label: real_name, detail: `@${name}`, insert: `@${name} ` }));
  const from = before.length - typed.length - 1;
  return listOf('People', from, before.length, options, true);
}

function emoji(before: string, { emojiNames }: Vocabulary): Completion | null {
  const typed = /(?:^|\s):([a-z0-9_+-]{2,})$/.exec(before)?.[1];
  if (typed === undefined) return null;
  const starting = emojiNames.filter((name) => name.startsWith(typed));
  const holding = emojiNames.filter((name) => !name.startsWith(typed) && name.includes(typed));
  const options = [...starting, ...holding]
    .slice(0, MOST)
    .map((name) => ({ id: name, emoji: name, label: `:${name}:`, detail: '', insert: `:${name}: ` }));
  return listOf('Emoji', before.length - typed.length - 1, before.length, options, true);
}

function command(text: string, before: string, commands: readonly CommandHint[]): Completion | null {
  if (/^\/\S*$/.test(before)) {
    if (!'/dr'.startsWith(before)) return null;
    const option = { id: 'dr', label: '/dr', detail: 'Lifeboat: incidents and recoveries', insert: '/dr ' };
    return listOf('Commands', 0, Math.max(before.length, /^\/\S*\s?/.exec(text)?.[0].length ?? 0), [option], true);
  }
  const [, verb = '', rest] = /^\/dr\s+(\S*)(\s[\s\S]*)?$/.exec(before) ?? [];
  if (!/^\/dr\s/.test(before)) return null;
  const named = commands.find(({ name }) => name === verb);
  if (named && rest !== undefined) return usage(named, before, text.length);
  if (rest !== undefined) return null;
  const options = commands
    .filter(({ name }) => name.startsWith(verb))
    .map((one) => ({ id: one.name, label: one.name, detail: one.summary, insert: `/dr ${one.name} ` }));
  if (named && options.length === 1) return usage(named, before, text.length);
  return listOf('Commands', 0, before.length, options, named === undefined && verb !== '');
}

function usage(one: CommandHint, before: string, to: number): Completion {
  const options = one.examples
    .map((example) => `/dr ${example.replace(/^\/dr\s+/, '')}`)
    .filter((line) => line.startsWith(before.trimEnd()) && line !== before)
    .map((line) => ({ id: line, label: line, detail: '', insert: line }));
  const words = one.usage.replace(/^\/dr\s+/, '').replace(new RegExp(`^${one.name}(\\s+|$)`), '');
  return {
    ...{ title: `Examples of /dr ${one.name}`, from: 0, to, options, eager: false },
    hint: { usage: `/dr ${one.name} ${words}`.trimEnd(), summary: one.summary },
  };
}

const listOf = (title: string, from: number, to: number, options: Option[], eager: boolean): Completion | null =>
  options.length === 0 ? null : { title, from, to, options, eager };

const startsAWord = (words: string, typed: string): boolean =>
  words
    .toLowerCase()
    .split(/[\s._-]+/)
    .some((word) => word.startsWith(typed)) ||
  words.toLowerCase().includes(` ${typed}`) ||
  words.toLowerCase().startsWith(typed);
