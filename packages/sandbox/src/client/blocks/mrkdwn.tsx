import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Drawing } from './drawing.ts';
import { EmojiGlyph } from './emoji-glyph.tsx';
import { Inlines } from './inlines.tsx';
import { parseInline } from './inline-parse.ts';
import { parseMrkdwn } from './mrkdwn-parse.ts';
import type { ListItem, TextBlock } from './text-tree.ts';

/** Slack's mrkdwn as Slack shows it. */
export const Mrkdwn = ({ text, context }: { text: string; context: Drawing }): VNode => (
  <Tree blocks={parseMrkdwn(text)} context={context} />
);

/** One line of mrkdwn that may stand where no paragraph may, such as in a label. */
export function MrkdwnLine({ text, context }: { text: string; context: Drawing }): VNode {
  const nodes = useMemo(() => parseInline(text.replaceAll(/\s*\n\s*/g, ' ')), [text]);
  return <Inlines nodes={nodes} context={context} />;
}

/** Plain text, in which only emoji are drawn. */
export function Plain({ text, emoji = true }: { text: string; emoji?: boolean }): VNode {
  if (!emoji || !text.includes(':')) return <>{text}</>;
  const pieces = text.split(/(:[a-z0-9_+'-]+:)/);
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <EmojiGlyph name={piece.slice(1, -1)} /> : piece))}</>;
}

/** Parsed text of any kind. */
export const Tree = ({ blocks, context }: { blocks: TextBlock[]; context: Drawing }): VNode => (
  <>
    {blocks.map((block) => (
      <Part block={block} context={context} />
    ))}
  </>
);

function Part({ block, context }: { block: TextBlock; context: Drawing }): VNode {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p class="bk-p">
          <Inlines nodes={block.children} context={context} />
        </p>
      );
    case 'heading':
      return (
        <p
          class={`bk-heading bk-heading-${Math.min(block.level, 4)}`}
          role="heading"
          aria-level={Math.min(6, block.level + 2)}
        >
          <Inlines nodes={block.children} context={context} />
        </p>
      );
    case 'quote':
      return (
        <blockquote class="bk-quote">
          <Tree blocks={block.children} context={context} />
        </blockquote>
      );
    case 'pre':
      return (
        // A long line scrolls, so the keyboard must be able to get here.
        <pre class="bk-pre" tabIndex={0} role="group" aria-label="Code">
          {block.text}
        </pre>
      );
    case 'rule':
      return <hr class="bk-divider" />;
    case 'list': {
      const items = block.items.map((item) => <Item item={item} context={context} />);
      return block.ordered ? (
        <ol class="bk-list" role="list">
          {items}
        </ol>
      ) : (
        <ul class="bk-list" role="list">
          {items}
        </ul>
      );
    }
  }
}

const Item = ({ item, context }: { item: ListItem; context: Drawing }): VNode => (
  <li class="bk-item" style={{ marginInlineStart: `${item.indent * 24}px` }}>
    <span class="bk-marker">{item.marker} </span>
    <span>
      <Inlines nodes={item.children} context={context} />
    </span>
  </li>
);
