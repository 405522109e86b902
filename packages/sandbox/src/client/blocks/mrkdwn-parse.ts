import { plainCode } from './entity-parse.ts';
import { parseInline } from './inline-parse.ts';
import { joined, type Inline, type ListItem, type TextBlock } from './text-tree.ts';

const CACHED = 1000;
const cache = new Map<string, TextBlock[]>();

/** Slack's mrkdwn as a tree; each text is parsed once while it is in use. */
export function parseMrkdwn(text: string): TextBlock[] {
  const known = cache.get(text);
  if (known) return known;
  const parsed = parse(text);
  if (cache.size >= CACHED) cache.clear();
  cache.set(text, parsed);
  return parsed;
}

function parse(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  const words = (piece: string): void => {
    if (piece.trim() !== '') blocks.push(...readLines(trimmed(piece).split('\n'), true));
  };
  let rest = text.replaceAll('\r\n', '\n');
  for (;;) {
    const open = rest.indexOf(FENCE);
    const close = open < 0 ? -1 : rest.indexOf(FENCE, open + FENCE.length + 1);
    if (close < 0) {
      words(rest);
      return blocks;
    }
    words(rest.slice(0, open));
    const code = rest.slice(open + FENCE.length, close).replace(/^\n|\n$/g, '');
    blocks.push({ kind: 'pre', text: plainCode(code) });
    rest = rest.slice(close + FENCE.length).replace(/^\n/, '');
  }
}

const FENCE = '```';

const trimmed = (text: string): string => text.replace(/^(?:[ \t]*\n)+|\s+$/g, '');

const QUOTED = /^(?:>|&gt;) ?/;
const QUOTED_REST = /^(?:>>>|&gt;&gt;&gt;) ?/;
const ITEM = /^(\s*)([•◦▪‣-]|\d{1,3}[.)])\s+(\S.*)$/;

function readLines(lines: string[], quotes: boolean): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const rest = lines.slice(at);
    if (quotes && QUOTED_REST.test(line)) {
      blocks.push({ kind: 'quote', children: readLines([line.replace(QUOTED_REST, ''), ...rest.slice(1)], false) });
      return blocks;
    }
    const [size, block] =
      line.trim() === ''
        ? [1, null]
        : ((quotes ? readQuote(rest) : null) ?? readList(rest) ?? readParagraph(rest, quotes));
    if (block) blocks.push(block);
    at += size;
  }
  return blocks;
}

type Found = [size: number, block: TextBlock];

function readQuote(lines: string[]): Found | null {
  const size = span(lines, (line) => QUOTED.test(line) && !QUOTED_REST.test(line));
  if (size === 0) return null;
  const inner = lines.slice(0, size).map((line) => line.replace(QUOTED, ''));
  return [size, { kind: 'quote', children: readLines(inner, false) }];
}

function readList(lines: string[]): Found | null {
  const size = span(lines, (line) => ITEM.test(line));
  if (size === 0) return null;
  const items = lines.slice(0, size).map((line): ListItem => {
    const [, space = '', marker = '', words = ''] = ITEM.exec(line) ?? [];
    return { marker, indent: Math.min(8, Math.floor(space.length / 2)), children: parseInline(words) };
  });
  return [size, { kind: 'list', ordered: /^\d/.test(items[0]?.marker ?? ''), items }];
}

function readParagraph(lines: string[], quotes: boolean): Found {
  const ends = (line: string): boolean => line.trim() === '' || ITEM.test(line) || (quotes && QUOTED.test(line));
  const size = 1 + span(lines.slice(1), (line) => !ends(line));
  const children: Inline[] = joined(lines.slice(0, size).map((line) => parseInline(line)));
  return [size, { kind: 'paragraph', children }];
}

function span(lines: string[], fits: (line: string) => boolean): number {
  const end = lines.findIndex((line) => !fits(line));
  return end < 0 ? lines.length : end;
}
