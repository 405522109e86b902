import type { Estate } from '../src/domain/estate-model.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import type { NewEvent } from '../src/domain/timeline.ts';
import { context } from './blocks.ts';
import { sections } from './clip.ts';
import { eventWords } from './event-words.ts';
import { count, date } from './words.ts';

/** An event as it is shown; the store's rows and the chain's own events fit both. */
export interface TimelineEvent extends NewEvent {
  at: Date | string;
}

const SHOWN = 80;

/** The timeline in words, oldest first; where it is long, its newest part and how many came before. */
export function timelineText(events: readonly TimelineEvent[], estate: Estate): ChatMessage {
  const shown = events.slice(-SHOWN);
  const hidden = events.length - shown.length;
  const lines = shown.map(
    (event) => `${date(new Date(event.at), '{date_short} {time_secs}')} ${eventWords(event, estate)}`,
  );
  return {
    text: `Timeline: ${count(events.length, 'event')}${hidden > 0 ? `, the newest ${SHOWN} shown` : ''}.`,
    blocks: [
      ...(hidden > 0 ? [context(`${count(hidden, 'earlier event is', 'earlier events are')} not shown.`)] : []),
      ...sections(lines.length === 0 ? ['Nothing has happened yet.'] : lines).slice(0, 45),
    ],
  };
}
