import type { JsonObject } from '../../../../../src/domain/json.ts';
import { linkNode } from './entity-parse.ts';
import { safeLink } from './links.ts';
import { numberAt, objectAt, objectsAt, textAt } from './read.ts';
import { textNode, type Inline, type TextBlock } from './text-tree.ts';

/** A rich_text block, or a table's rich_text cell, as a tree. */
export function richText(block: JsonObject): TextBlock[] {
  return objectsAt(block, 'elements').map((element): TextBlock => {
    const type = textAt(element, 'type');
    if (type === 'rich_text_list') return listOf(element);
    if (type === 'rich_text_preformatted')
      return { kind: 'pre', text: objectsAt(element, 'elements').map(wordsOf).join('') };
    const children = inlinesOf(element);
    return type === 'rich_text_quote'
      ? { kind: 'quote', children: [{ kind: 'paragraph', children }] }
      : { kind: 'paragraph', children };
  });
}

const BULLETS = ['•', '◦', '▪'];

function listOf(list: JsonObject): TextBlock {
  const ordered = textAt(list, 'style') === 'ordered';
  const indent = Math.min(8, numberAt(list, 'indent') ?? 0);
  const offset = numberAt(list, 'offset') ?? 0;
  const items = objectsAt(list, 'elements').map((item, index) => ({
    marker: ordered ? `${numeral(index + 1 + offset, indent)}.` : (BULLETS[indent % BULLETS.length] ?? '•'),
    indent,
    children: inlinesOf(item),
  }));
  return { kind: 'list', ordered, items };
}

/** Slack counts 1, a, i by depth. */
function numeral(n: number, indent: number): string {
  if (indent % 3 === 1) return n <= 26 ? String.fromCharCode(96 + n) : String(n);
  if (indent % 3 === 2) return ROMAN[n - 1] ?? String(n);
  return String(n);
}

const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii'];

const inlinesOf = (section: JsonObject): Inline[] => objectsAt(section, 'elements').flatMap(inlineOf);

function inlineOf(element: JsonObject): Inline[] {
  const style = objectAt(element, 'style') ?? {};
  if (style['code'] === true && ['text', 'link'].includes(textAt(element, 'type'))) {
    return wrapped([{ kind: 'code', text: wordsOf(element) }], style);
  }
  return wrapped(READERS[textAt(element, 'type')]?.(element) ?? [textNode(wordsOf(element))], style);
}

function wrapped(nodes: Inline[], style: JsonObject): Inline[] {
  const kinds = (['underline', 'strike', 'italic', 'bold'] as const).filter((kind) => style[kind] === true);
  return kinds.reduce<Inline[]>((children, kind) => [{ kind, children }], nodes);
}

const READERS: Record<string, (element: JsonObject) => Inline[]> = {
  text: (element) => withBreaks(textAt(element, 'text')),
  link: (element) => [linkNode(textAt(element, 'url'), textAt(element, 'text'))],
  emoji: (element) => [emojiOf(element)],
  user: (element) => [{ kind: 'user', id: textAt(element, 'user_id'), label: '' }],
  channel: (element) => [{ kind: 'channel', id: textAt(element, 'channel_id'), label: '' }],
  usergroup: (element) => [{ kind: 'group', id: textAt(element, 'usergroup_id'), label: '' }],
  broadcast: (element) => [{ kind: 'broadcast', range: textAt(element, 'range') }],
  color: (element) => [{ kind: 'color', value: textAt(element, 'value') }],
  date: (element) => [
    {
      ...{ kind: 'date', seconds: numberAt(element, 'timestamp') ?? 0, format: textAt(element, 'format') },
      ...{ fallback: textAt(element, 'fallback'), leads: false, url: safeLink(textAt(element, 'url')) },
    },
  ],
};

const withBreaks = (text: string): Inline[] =>
  text
    .split('\n')
    .flatMap((line, index): Inline[] => (index === 0 ? [textNode(line)] : [{ kind: 'break' }, textNode(line)]));

/** Slack gives the code points too, in hexadecimal: the way to draw an emoji that is not known here. */
function emojiOf(element: JsonObject): Inline {
  const unicode = textAt(element, 'unicode');
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode)) return { kind: 'emoji', name: textAt(element, 'name') };
  const points = unicode.split('-').map((hex) => parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff)
    ? textNode(String.fromCodePoint(...points))
    : { kind: 'emoji', name: textAt(element, 'name') };
}

function wordsOf(element: JsonObject): string {
  const words =
    textAt(element, 'text') || textAt(element, 'url') || textAt(element, 'fallback') || textAt(element, 'value');
  return words || textAt(element, 'user_id') || textAt(element, 'channel_id');
}
