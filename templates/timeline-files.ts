import type { Estate } from '../src/domain/estate/model.ts';
import { LIFEBOAT, plainName } from '../src/domain/estate/people.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import type { RecordState } from '../src/domain/incident/record.ts';
import { label } from '../src/domain/incident/subject.ts';
import type { ChainedEvent } from '../src/domain/incident/timeline.ts';
import { redact, redactText } from '../src/runtime/redact.ts';
import { eventWords } from './event-words.ts';
import { plainText, utcTime } from './plain-text.ts';
import { recordWords } from './record-words.ts';
import { count } from './words.ts';

export interface Exported {
  incident: Incident;
  events: readonly ChainedEvent[];
  estate: Estate;
  record: RecordState;
  /** Who asked for it, as an actor, and when. */
  actor: string;
  now: Date;
}

export interface TextFile {
  name: string;
  text: string;
}

/** Longer texts may be shortened in an event's line, and one with line breaks loses them there. */
const LINE = 300;

/** Every event as a line of text. */
export function timelineFile(exported: Exported): TextFile {
  const lines = exported.events.flatMap((event) => [
    `${utcTime(event.at)}  ${wordsOf(event, exported.estate)}`,
    ...longTexts(event).map((text) => text.replaceAll(/^/gm, '    ')),
  ]);
  return { name: fileName(exported, 'txt'), text: `${[...heading(exported), '', ...lines].join('\n')}\n` };
}

/** Every event for people, in Markdown. */
export function timelineMarkdown(exported: Exported): TextFile {
  const [title = '', ...about] = heading(exported);
  const lines = exported.events.flatMap((event) => [
    `${event.seq}. **${utcTime(event.at)}** ${wordsOf(event, exported.estate)}`,
    ...longTexts(event).map((text) => `\n${text.replaceAll(/^/gm, '   > ')}\n`),
  ]);
  return { name: fileName(exported, 'md'), text: `${[`# ${title}`, '', ...about, '', ...lines].join('\n')}\n` };
}

/** Every event with its hash, from which the chain can be verified anywhere; docs/operating.md says how. */
export function timelineJson({ incident, events, estate, record, actor, now }: Exported): TextFile {
  const { id, title, severity, service, state, declared_at, resolved_at } = incident;
  const body = {
    format: 'lifeboat-timeline-1',
    estate: estate.name,
    incident: {
      number: id,
      name: label(id),
      title: redactText(title),
      severity,
      service,
      state,
      declared_at,
      resolved_at,
    },
    exported_at: now,
    exported_by: nameOf(estate, actor),
    record: plainText(recordWords(record), estate),
    head: { seq: incident.chain_seq, hash: incident.chain_hash, seal: incident.chain_seal },
    events: events.map(({ seq, at, kind, actor: by, data, prev_hash, hash }) => {
      const shown = redact(data);
      // A secret that somebody typed is left out of the file, so this one event's hash cannot be made again from it.
      const masked = JSON.stringify(shown) !== JSON.stringify(data);
      const event = { seq, at, kind, actor: by, actor_name: nameOf(estate, by), data: shown, prev_hash, hash };
      return masked ? { ...event, masked } : event;
    }),
  };
  return { name: fileName({ incident }, 'json'), text: `${JSON.stringify(body, null, 2)}\n` };
}

const fileName = ({ incident }: Pick<Exported, 'incident'>, ending: string): string =>
  `${label(incident.id)}-timeline.${ending}`;

function heading({ incident, events, estate, record, actor, now }: Exported): string[] {
  const { id, title, severity, state, declared_at } = incident;
  return [
    `${label(id)} ${redactText(title)}`,
    `${severity}, ${state}, since ${utcTime(declared_at)}. ${count(events.length, 'event')}.`,
    `Exported at ${utcTime(now)} by ${nameOf(estate, actor)}.`,
    plainText(recordWords(record), estate),
  ];
}

const nameOf = (estate: Estate, actor: string): string => (actor === LIFEBOAT ? 'Lifeboat' : plainName(estate, actor));

const wordsOf = (event: ChainedEvent, estate: Estate): string => plainText(eventWords(event, estate), estate);

/** Texts of an event as they were typed, where its line cannot show them so. */
const longTexts = ({ data }: ChainedEvent): string[] =>
  Object.values(data).flatMap((value) =>
    typeof value === 'string' && (value.includes('\n') || value.length > LINE) ? [redactText(value)] : [],
  );
