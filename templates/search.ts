import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { COUNTED, PAGE } from '../src/domain/incident/search.ts';
import { label } from '../src/domain/incident/subject.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context } from './blocks.ts';
import { sections } from './clip.ts';
import { serviceName, severityWords } from './incident-words.ts';
import { since } from './live-words.ts';
import { code, count, date, span, userLine } from './words.ts';

interface Found {
  shown: readonly Incident[];
  /** Of all pages; more than `COUNTED` are not counted. */
  total: number;
  page: number;
  /** What was typed, without the page. */
  asked: string;
  estate: Estate;
  now: Date;
}

/** Incidents that fit, newest first, a page of them. */
export function searchText({ shown, total, page, asked, estate, now }: Found): ChatMessage {
  if (total === 0) {
    return {
      text: `No incident fits${asked === '' ? '' : ` ${code(asked)}`}. A word counts when it stands, or begins a word, in a title, an update or a note.`,
    };
  }
  const many = total > COUNTED ? `more than ${COUNTED} incidents` : count(total, 'incident');
  return {
    text: `${many.charAt(0).toUpperCase()}${many.slice(1)} found.`,
    blocks: [
      ...sections([`*${many} found*`, ...shown.map((each) => foundLine(each, estate, now))]),
      ...moreWords(total - (page - 1) * PAGE - shown.length, { total, page, asked }).map((text) => context(text)),
    ],
  };
}

function moreWords(left: number, { total, page, asked }: Pick<Found, 'total' | 'page' | 'asked'>): string[] {
  const counted = total <= COUNTED;
  if (left > 0) {
    const next = code(`/dr incident ${asked === '' ? '' : `${asked} `}page:${page + 1}`, 400);
    return [`… ${counted ? '' : 'at least '}${left} more: ${next}`];
  }
  return counted ? [] : ['There are older ones: narrow what you look for, for example with `to:`.'];
}

function foundLine(incident: Incident, estate: Estate, now: Date): string {
  const { id, severity, title, state, channel, service, declared_at, resolved_at } = incident;
  const hit = service === null ? '' : ` · ${serviceName(estate, service)}`;
  const place = channel === null || state === 'closed' ? '' : ` · <#${channel}>`;
  const about =
    resolved_at === null
      ? `open for ${since(declared_at, now)}`
      : `${state} after ${span(resolved_at.getTime() - declared_at.getTime())}`;
  return `${severityWords(estate, severity)} *${label(id)}* ${userLine(title, 150)}${hit} · ${date(declared_at)} · ${about}${place}`;
}
