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

/** Lines as sections, each as full as Slack allows; a single line that is too long is cut. */
export function sections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines.map((each) => clip(each, MAX.section))) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= MAX.section)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.filter((text) => text.trim() !== '').map((text) => section(text));
}
