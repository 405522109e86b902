import type { KnownBlock } from '@slack/types';
import type { Json } from '../../src/domain/json.ts';
import type { ChatMessage } from '../../src/ports/chat.ts';
import { fitMessage } from '../../src/adapters/slack/limits.ts';
import { acceptBlocks } from '@lifeboat/stand-ins/slack/blocks';

/** Throws unless Slack would take the message as it is: nothing refused, nothing left for the adapter to cut. */
export function accept(message: ChatMessage): void {
  let id = 0;
  if (message.text.trim() === '') throw new Error('a message without text says nothing to who cannot see');
  if (message.blocks)
    acceptBlocks(JSON.parse(JSON.stringify(message.blocks)) as Json, 'message', () => `id${(id += 1)}`);
  const fitted = fitMessage(message);
  if (JSON.stringify(fitted) !== JSON.stringify(message)) throw new Error('the adapter would cut this message');
}

/** A message as a person reads it from top to bottom. */
export function readable({ text, blocks }: ChatMessage): string {
  return [`TEXT ${text}`, ...(blocks ?? []).map(readBlock)].join('\n');
}

function readBlock(block: KnownBlock): string {
  if (block.type === 'header') return `# ${block.text.text}`;
  if (block.type === 'section') {
    return block.fields ? block.fields.map((each) => `| ${each.text}`).join('\n') : (block.text?.text ?? '');
  }
  if (block.type === 'context')
    return block.elements.map((each) => ('text' in each ? `~ ${each.text}` : '~')).join('\n');
  if (block.type !== 'actions') return block.type;
  return block.elements
    .map((each) =>
      each.type === 'button' ? `[${each.text.text}] ${each.action_id ?? ''}=${each.url ?? each.value ?? ''}` : '',
    )
    .join('\n');
}
