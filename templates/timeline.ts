import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import type { RecordState } from '../src/domain/incident/record.ts';
import type { ChainedEvent } from '../src/domain/incident/timeline.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context } from './blocks.ts';
import { pieces, sections } from './clip.ts';
import { eventWords } from './event-words.ts';
import { recordWords } from './record-words.ts';
import { count, date, userLine } from './words.ts';

/** Events on one page. */
const SHOWN = 30;
/** Characters on one page. Slack refuses a message whose blocks hold about 13,000. */
const ROOM = 9_000;

/** A line, or a part of one that a section has no room for. */
interface Piece {
  seq: number;
  text: string;
}

interface View {
  incident: Pick<Incident, 'id' | 'title'>;
  events: readonly ChainedEvent[];
  estate: Estate;
  record: RecordState;
}

/** The timeline in words, oldest first on each page; the first page holds the newest events. At least one page. */
export function timelinePages({ incident, events, estate, record }: View): ChatMessage[] {
  const pages = pagesOf(linesOf(events, estate));
  const size = `${label(incident.id)} ${userLine(incident.title)}: ${count(events.length, 'event')}`;
  const last: ChatMessage['blocks'] = [
    ...(kindOf(incident.id) === 'drill'
      ? [context('A drill: pages and messages were written down, and nothing left Lifeboat.')]
      : []),
    context(recordWords(record)),
  ];
  if (pages.length === 0) return [{ text: `${size}.`, blocks: [...sections(['No event is left.']), ...last] }];
  return pages.map((shown, index) => ({
    text: `${size}${pages.length > 1 ? `, page ${index + 1} of ${pages.length}` : ''}.`,
    blocks: [
      ...sections(shown.map(({ text }) => text)),
      ...(pages.length > 1 ? [context(placeWords(incident.id, shown, index + 1, pages.length))] : []),
      ...last,
    ],
  }));
}

function placeWords(id: number, shown: readonly Piece[], page: number, pages: number): string {
  const command = `/dr timeline ${kindOf(id) === 'estate' ? 'estate' : label(id)}`;
  const older = page < pages ? ` Older ones: \`${command} page ${page + 1}\`.` : '';
  const newer = page > 1 ? ` Newer ones: \`${command} page ${page - 1}\`.` : '';
  const range = `Events ${shown[0]?.seq ?? 0} to ${shown.at(-1)?.seq ?? 0}, page ${page} of ${pages}.`;
  return `${range}${older}${newer} All of it as a file: \`${command} all\`.`;
}

const linesOf = (events: readonly ChainedEvent[], estate: Estate): Piece[] =>
  withoutBegun(events).flatMap((event) => {
    const line = `${date(new Date(event.at), '{date_short} {time_secs}')} ${eventWords(event, estate)}`;
    return pieces(line).map((text) => ({ seq: event.seq, text }));
  });

/** Pages with as much as one message holds, the newest page first; a long text goes on over several. */
function pagesOf(lines: readonly Piece[]): Piece[][] {
  const pages: Piece[][] = [];
  let page: Piece[] = [];
  let room = ROOM;
  for (const line of lines.toReversed()) {
    const full = room < line.text.length || new Set([...page, line].map(({ seq }) => seq)).size > SHOWN;
    if (page.length > 0 && full) {
      pages.push(page.toReversed());
      page = [];
      room = ROOM;
    }
    page.push(line);
    room -= line.text.length;
  }
  return page.length === 0 ? pages : [...pages, page.toReversed()];
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
