import type { Recording } from '../src/domain/drill/recording.ts';
import { label } from '../src/domain/incident/subject.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context } from './blocks.ts';
import { sections } from './clip.ts';
import { count, date, userLine } from './words.ts';

const WORDS: Record<Recording['call'], string> = {
  page: 'page',
  assign: 'page given to one person',
  note: 'note in the pager',
  post: 'message',
  update: 'edited message',
  file: 'file',
  channel: 'channel',
  invite: 'invitation',
  topic: 'topic',
  pin: 'pin',
  archive: 'archived channel',
  unarchive: 'unarchived channel',
};

/** What a drill would have sent, oldest first. */
export function recordingsText(
  id: number,
  { total, shown }: { total: number; shown: readonly (Recording & { at: Date })[] },
): ChatMessage {
  const size = `${label(id)} would have sent ${count(total, 'thing')}`;
  const lines = shown.map(
    ({ call, target, text, at }) =>
      `${date(at, '{time_secs}')} *${WORDS[call]}* to ${userLine(target, 120)}: ${userLine(text, 400)}`,
  );
  const hidden = total - shown.length;
  return {
    text: `${size}. Nothing of it left Lifeboat.`,
    blocks: [
      ...sections([`*${size}*`, ...lines]),
      context(
        `${hidden > 0 ? `${count(hidden, 'earlier one is', 'earlier ones are')} not shown. ` : ''}Nothing of it left Lifeboat. The table \`recording\` holds each as it would have been sent.`,
      ),
    ],
  };
}
