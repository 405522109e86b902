import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { Drawing } from './drawing.ts';
import { ElementView } from './element.tsx';
import { BlockImage } from './image.tsx';
import { LiveField } from './live-field.tsx';
import { parseMarkdown } from './markdown-parse.ts';
import { Plain, Tree } from './mrkdwn.tsx';
import { objectAt, objectsAt, textAt, wordsAt } from './read.ts';
import { richText } from './rich-text-tree.ts';
import { Section } from './section.tsx';
import { Table } from './table.tsx';
import { TextBody } from './text-object.tsx';
import { Undrawn } from './undrawn.tsx';

interface BlocksProps {
  blocks: JsonObject[];
  context: Drawing;
  /** How input blocks are drawn; without it they are on their own. */
  input?: (block: JsonObject) => VNode;
}

/** Blocks of a message, a form or App Home. Draws again only for other blocks or another context. */
export function MessageBlocks({ blocks, context, input }: BlocksProps): VNode {
  return useMemo(
    () => (
      <div class="bk-blocks">
        {blocks.map((block, index) => (
          <Block key={textAt(block, 'block_id') || index} block={block} context={context} {...(input && { input })} />
        ))}
      </div>
    ),
    [blocks, context, input],
  );
}

function Block({ block, context, input }: { block: JsonObject; context: Drawing } & Pick<BlocksProps, 'input'>): VNode {
  const type = textAt(block, 'type');
  switch (type) {
    case 'section':
      return <Section block={block} context={context} />;
    case 'header':
      return (
        <h3 class="bk-header">
          <Plain text={wordsAt(block, 'text')} />
        </h3>
      );
    case 'divider':
      return <hr class="bk-divider" />;
    case 'context':
      return <Context block={block} context={context} />;
    case 'actions':
      return <Actions block={block} context={context} />;
    case 'image':
      return <Picture block={block} />;
    case 'input':
      return input ? input(block) : <LiveField block={block} context={context} />;
    case 'markdown':
      return <Markdown text={textAt(block, 'text')} context={context} />;
    case 'rich_text':
      return (
        <div class="bk-text">
          <Tree blocks={richText(block)} context={context} />
        </div>
      );
    case 'table':
      return <Table block={block} context={context} />;
    default:
      return <Undrawn type={type} about={wordsAt(block, 'title')} />;
  }
}

interface BlockProps {
  block: JsonObject;
  context: Drawing;
}

const Context = ({ block, context }: BlockProps): VNode => (
  <div class="bk-context">
    {objectsAt(block, 'elements').map((element) =>
      textAt(element, 'type') === 'image' ? (
        <BlockImage image={element} class="bk-context-image" />
      ) : (
        <div class="bk-context-text">
          <TextBody value={element} context={context} />
        </div>
      ),
    )}
  </div>
);

const Actions = ({ block, context }: BlockProps): VNode => (
  <div class="bk-actions">
    {objectsAt(block, 'elements').map((element, index) => (
      <ElementView
        key={textAt(element, 'action_id') + textAt(element, 'value') || index}
        element={element}
        block_id={textAt(block, 'block_id')}
        context={context}
      />
    ))}
  </div>
);

const Picture = ({ block }: { block: JsonObject }): VNode => (
  <figure class="bk-figure">
    {objectAt(block, 'title') && (
      <figcaption>
        <Plain text={wordsAt(block, 'title')} />
      </figcaption>
    )}
    <BlockImage image={block} class="bk-image" />
  </figure>
);

const Markdown = ({ text, context }: { text: string; context: Drawing }): VNode => {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div class="bk-text">
      <Tree blocks={blocks} context={context} />
    </div>
  );
};
