import type { JsonObject } from '../../../../../src/domain/json.ts';
import { type Args, characters, isObject } from '../args.ts';
import { acceptBlocks } from '../blocks.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackMessage, SlackMetadata } from '../state.ts';

/** Slack: metadata of a message may be 8 kB of JSON. */
const maxMetadata = 8000;

export type MessageContent = Pick<SlackMessage, 'text' | 'blocks' | 'attachments' | 'metadata'>;

/** Reads and checks text, blocks, attachments and metadata of a message. `maxText` is in characters. */
export function readContent(args: Args, maxText: number, nextId: () => string): MessageContent {
  const markdown = args.str('markdown_text');
  if (markdown !== '' && (args.has('text') || args.has('blocks'))) throw new SlackRefusal('markdown_text_conflict');
  if (characters(markdown) > 12_000) throw new SlackRefusal('msg_too_long');
  const text = markdown === '' ? args.str('text') : markdown;
  if (characters(text) > maxText) throw new SlackRefusal('msg_too_long');
  const blocks =
    args.has('blocks') && !args.isEmpty('blocks') ? acceptBlocks(args.json('blocks'), 'message', nextId) : [];
  const attachments = readAttachments(args);
  if (text.trim() === '' && blocks.length === 0 && attachments.length === 0) throw new SlackRefusal('no_text');
  const metadata = readMetadata(args);
  return {
    text,
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(metadata ? { metadata } : {}),
  };
}

function readAttachments(args: Args): JsonObject[] {
  if (!args.has('attachments')) return [];
  const value = args.json('attachments');
  if (!Array.isArray(value)) throw new SlackRefusal('invalid_attachments');
  if (value.length > 100) throw new SlackRefusal('too_many_attachments');
  return value.filter(isObject);
}

function readMetadata(args: Args): SlackMetadata | undefined {
  if (!args.has('metadata') || args.isEmpty('metadata')) return undefined;
  const value = args.json('metadata');
  if (!isObject(value)) throw new SlackRefusal('invalid_metadata_format');
  const { event_type: type, event_payload: payload } = value;
  if (typeof type !== 'string' || type === '' || !isObject(payload)) throw new SlackRefusal('invalid_metadata_schema');
  if (JSON.stringify(value).length > maxMetadata) throw new SlackRefusal('metadata_too_large');
  return { event_type: type, event_payload: payload };
}
