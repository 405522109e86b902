import type { KnownBlock } from '@slack/types';
import { section } from './blocks.ts';

/** Source of the numbers: Slack's Block Kit reference. */
export const MAX = { section: 3000, field: 2000, header: 150, context: 2000, blocks: 50, text: 1000 } as const;

/** Ends text with '…' at `max` UTF-16 units without tearing a character, an entity or a `<…>` of mrkdwn. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$|&[a-z]{0,4}$/u, '');
  const open = cut.lastIndexOf('<');
  return `${(open > cut.lastIndexOf('>') ? cut.slice(0, open) : cut).trimEnd()}…`;
}

/** Lines as sections, each as full as Slack allows; a line that is too long for one goes on in the next. */
export function sections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines.flatMap(pieces)) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= MAX.section)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.filter((text) => text.trim() !== '').map((text) => section(text));
}

/** A line in pieces of a section's length, parted at a space where there is one, never within an entity or a `<…>`. */
export function pieces(line: string): string[] {
  const out: string[] = [];
  let rest = line;
  while (rest.length > MAX.section) {
    const whole = clip(rest, MAX.section).slice(0, -1);
    const space = whole.lastIndexOf(' ');
    const end = space > MAX.section / 2 && whole.lastIndexOf('<') <= whole.lastIndexOf('>') ? space : whole.length;
    if (end <= 0) return [...out, clip(rest, MAX.section)];
    out.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...out, rest];
}
