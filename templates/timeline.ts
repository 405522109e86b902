import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import type { RecordState } from '../src/domain/incident/record.ts';
import type { ChainedEvent } from '../src/domain/incident/timeline.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context } from './blocks.ts';
import { sections } from './clip.ts';
import { eventWords } from './event-words.ts';
import { recordWords } from './record-words.ts';
import { count, date, userLine } from './words.ts';

const SHOWN = 80;
/** Characters that one answer shows; what people typed is shown whole, so a few long texts fill it. */
const ROOM = 60_000;

/** The whole timeline in words, oldest first; where it is long, its newest part, and always whether the record is whole. */
export function timelineText(
  incident: Pick<Incident, 'id' | 'title'>,
  events: readonly ChainedEvent[],
  estate: Estate,
  record: RecordState,
): ChatMessage {
  const told = withoutBegun(events);
  const lines = newest(
    told
      .slice(-SHOWN)
      .map((event) => `${date(new Date(event.at), '{date_short} {time_secs}')} ${eventWords(event, estate)}`),
  );
  const hidden = told.length - lines.length;
  const size = `${label(incident.id)} ${userLine(incident.title)}: ${count(events.length, 'event')}`;
  return {
    text: `${size}${hidden > 0 ? ', the newest shown' : ''}.`,
    blocks: [
      ...(hidden > 0 ? [context(`${count(hidden, 'earlier event is', 'earlier events are')} not shown.`)] : []),
      ...sections(lines.length === 0 ? ['No event is left.'] : lines),
      ...(kindOf(incident.id) === 'drill'
        ? [context('A drill: pages and messages were written down, and nothing left Lifeboat.')]
        : []),
      context(recordWords(record)),
    ],
  };
}

/** The last lines that there is room for, one at least. */
function newest(lines: string[]): string[] {
  let room = ROOM;
  const first = lines.findLastIndex((line) => (room -= line.length) < 0);
  return lines.slice(Math.min(first + 1, Math.max(0, lines.length - 1)));
}

const ENDS = [
  'step.succeeded',
  'step.failed',
  'step.timed_out',
  'step.unknown',
  'step.cancelled',
  'step.retried',
  'step.held',
];

/** Without the beginnings of steps whose end stands in the list too: they would say nothing new. */
function withoutBegun(events: readonly ChainedEvent[]): ChainedEvent[] {
  const over = new Set<string>();
  return events
    .toReversed()
    .filter(({ kind, data }) => {
      const step = JSON.stringify([data['run'], data['step'], data['attempt']]);
      if (ENDS.includes(kind)) over.add(step);
      return kind !== 'step.started' || !over.has(step);
    })
    .toReversed();
}
