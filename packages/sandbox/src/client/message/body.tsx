import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { Drawing } from '../blocks/drawing.ts';
import { MessageBlocks } from '../blocks/message-blocks.tsx';
import { Mrkdwn } from '../blocks/mrkdwn.tsx';

interface BodyProps {
  text: string;
  blocks: JsonObject[] | undefined;
  context: Drawing;
}

/** The blocks; the text only stands for them where there are none. */
export const Body = ({ text, blocks, context }: BodyProps) =>
  blocks !== undefined && blocks.length > 0 ? (
    <MessageBlocks blocks={blocks} context={context} />
  ) : text === '' ? null : (
    <div class="message-text">
      <Mrkdwn text={text} context={context} />
    </div>
  );
