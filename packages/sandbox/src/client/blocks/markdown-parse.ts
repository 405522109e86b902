import { MARKDOWN, parseInline } from './inline-parse.ts';
import { joined, type Inline, type ListItem, type TextBlock } from './text-tree.ts';

/* The `markdown` block: the usual markdown as far as Slack takes it. Tables and pictures stay text and links. */

const FENCE = /^(?:```|~~~)\w*\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,3}[.)])\s+(\S.*)$/;
const HEADING = /^(#{1,6})\s+(\S.*?)\s*#*$/;
const RULE = /^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^\s*> ?/;

const inline = (line: string): Inline[] => parseInline(line, MARKDOWN);
const starts = (line: string): boolean => [FENCE, ITEM, HEADING, RULE, QUOTE].some((mark) => mark.test(line));

/** Markdown as a tree. */
export function parseMarkdown(text: string, depth = 0): TextBlock[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: TextBlock[] = [];
  let at = 0;
  const while_ = (fits: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && fits(lines[at] ?? '')) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const [, marks, words] = HEADING.exec(line) ?? [];
    if (line.trim() === '') at += 1;
    else if (FENCE.test(line)) {
      at += 1;
      blocks.push({ kind: 'pre', text: while_((each) => !FENCE.test(each)).join('\n') });
      at += 1;
    } else if (marks !== undefined && words !== undefined) {
      at += 1;
      blocks.push({ kind: 'heading', level: marks.length, children: inline(words) });
    } else if (RULE.test(line)) {
      at += 1;
      blocks.push({ kind: 'rule' });
    } else if (QUOTE.test(line) && depth < 3) {
      const inner = while_((each) => QUOTE.test(each)).map((each) => each.replace(QUOTE, ''));
      blocks.push({ kind: 'quote', children: parseMarkdown(inner.join('\n'), depth + 1) });
    } else if (ITEM.test(line)) blocks.push(listOf(while_((each) => ITEM.test(each) && !RULE.test(each))));
    else {
      at += 1;
      const more = while_((each) => each.trim() !== '' && !starts(each));
      blocks.push({ kind: 'paragraph', children: joined([line, ...more].map(inline)) });
    }
  }
  return blocks;
}

function listOf(lines: string[]): TextBlock {
  const items = lines.map((line): ListItem => {
    const [, space = '', marker = '', words = ''] = ITEM.exec(line) ?? [];
    const indent = Math.min(8, Math.floor(space.length / 2));
    return { marker: /^\d/.test(marker) ? marker : '•', indent, children: inline(words) };
  });
  return { kind: 'list', ordered: /^\d/.test(items[0]?.marker ?? ''), items };
}
