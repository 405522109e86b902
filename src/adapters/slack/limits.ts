import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../../ports/chat.ts';
import { fitBlock } from './limit-blocks.ts';
import { truncate } from './text.ts';

/** Slack: chat.postMessage recommends at most 4,000 characters, and chat.update refuses more. */
const MAX_TEXT = 4_000;

/** Slack: blocks in one message. */
const MAX_BLOCKS = 50;

/** Slack: a channel's topic. */
export const MAX_TOPIC = 250;

const MAX_ID = 255;

/** The message as Slack takes it: too long is shortened with '…', too many are cut and the last line says so. */
export function fitMessage({ text, blocks }: ChatMessage): ChatMessage {
  const fitted = { text: truncate(text, MAX_TEXT) };
  return blocks === undefined ? fitted : { ...fitted, blocks: fitBlocks(blocks) };
}

export function fitBlocks(blocks: readonly KnownBlock[]): KnownBlock[] {
  return uniqueIds(cutToCount(structuredClone([...blocks]).filter(fitBlock)));
}

/** Buttons and headings stay, since they stand at the end and the top; of the rest the first ones stay. */
function cutToCount(blocks: KnownBlock[]): KnownBlock[] {
  if (blocks.length <= MAX_BLOCKS) return blocks;
  const first = blocks.filter(isImportant).slice(0, MAX_BLOCKS - 1);
  const room = MAX_BLOCKS - 1 - first.length;
  const rest = blocks.filter((block) => !isImportant(block)).slice(0, room);
  const kept = new Set([...first, ...rest]);
  const text = `_${blocks.length - kept.size} more parts are not shown: Slack takes ${MAX_BLOCKS} in one message._`;
  return [...blocks.filter((block) => kept.has(block)), { type: 'context', elements: [{ type: 'mrkdwn', text }] }];
}

const isImportant = ({ type }: KnownBlock): boolean => type === 'actions' || type === 'header';

/** Slack refuses a message in which a block_id is too long or occurs twice; it makes one up where none is given. */
function uniqueIds(blocks: KnownBlock[]): KnownBlock[] {
  const seen = new Set<string>();
  return blocks.map((block) => {
    const id = block.block_id;
    if (id === undefined) return block;
    if (id.length <= MAX_ID && id !== '' && !seen.has(id)) {
      seen.add(id);
      return block;
    }
    const copy = { ...block };
    delete copy.block_id;
    return copy;
  });
}
