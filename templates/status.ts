import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context, fields, header } from './blocks.ts';
import { clip, MAX, sections } from './clip.ts';
import { SENDS } from './delivery-words.ts';
import type { IncidentFacts } from './facts.ts';
import { SEVERITY_EMOJI, severityWords } from './incident-words.ts';
import { cardFields, cardLines } from './incident-card.ts';
import { capital, nextLines, runName, since, statusSentence, unknownLines } from './live-words.ts';
import { atMost, count, date, quote, span, userLine, userText, within } from './words.ts';

/** A send that is not through, as `openDeliveries` of the store returns it. */
export interface DeliveryFacts {
  kind: string;
  key: string;
  state: string;
  attempts: number;
  error: string | null;
  due_at: Date;
}

/** The whole state of an incident for whoever asks: the card, and what the card has no room for. */
export function statusText(facts: IncidentFacts, deliveries: readonly DeliveryFacts[] = []): ChatMessage {
  const { incident, now } = facts;
  const name = `${label(incident.id)} ${incident.severity}`;
  const over = facts.runs.filter(({ run }) => run.finished_at !== null);
  return {
    text: `${name} ${userLine(incident.title)}: ${statusSentence(facts)}`,
    blocks: [
      header(
        clip(`${SEVERITY_EMOJI[incident.severity]} ${name} ${incident.title.replaceAll(/\s+/g, ' ')}`, MAX.header),
      ),
      fields(...cardFields(facts).map((text) => clip(text, MAX.field))),
      ...sections([`*Now:* ${statusSentence(facts)}`, ...cardLines(facts)]),
      ...sections(
        bullets(
          'Runs that are over',
          over.map((each) => `${capital(runName(each))}: ${each.run.state.replace('_', ' ')}`),
        ),
      ),
      ...sections(bullets('Next', nextLines(facts))),
      ...sections(incident.state === 'open' ? bullets('Not known', unknownLines(facts)) : []),
      ...sections(incident.last_update === null ? [] : ['*Last update*', quote(userText(incident.last_update))]),
      ...sections(
        bullets(
          'Sends that are not through',
          deliveries.map((each) => deliveryLine(each, now)),
        ),
      ),
      context(`As of ${date(now, '{time_secs}')}${placeWords(incident)}`),
    ],
  };
}

function placeWords({ id, channel }: Incident): string {
  if (kindOf(id) === 'drill')
    return ` · a drill: nothing leaves Lifeboat, \`/dr deliveries ${label(id)}\` shows what would have`;
  return channel === null ? '' : ` · <#${channel}>`;
}

const bullets = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`*${title}*`, ...atMost(lines, 12).map((line) => `• ${line}`)];

function deliveryLine({ kind, key, state, attempts, error, due_at }: DeliveryFacts, now: Date): string {
  const [, place] = /:(#[^:\s]+)$/.exec(key) ?? [];
  const to = place === undefined ? `(${userLine(key.slice(0, 80))})` : `to ${userLine(place, 80)}`;
  const what = `${capital(SENDS[kind] ?? userLine(kind, 40))} ${to}`;
  const why = error === null ? '' : `: ${userLine(error, 200)}`;
  if (state === 'failed') return `${what} was refused for good${why}`;
  if (state === 'unknown') return `${what} may or may not have arrived${why}`;
  const again = attempts > 0 ? `, ${count(attempts, 'try', 'tries')} so far` : '';
  const when = due_at > now ? `, next try in ${span(due_at.getTime() - now.getTime())}` : '';
  return `${what} waits${again}${when}${why}`;
}

/** What is longer than a screen or two is not read, in characters. */
const LIST_BUDGET = 3500;

/** Incidents and drills for `/dr list`, one line each. */
export function listText(found: readonly Incident[], estate: Estate, now: Date): ChatMessage {
  const incidents = found.filter(({ id }) => kindOf(id) === 'incident');
  const drills = found.filter(({ id }) => kindOf(id) === 'drill');
  if (found.length === 0) return { text: 'No incident is open. Declare one with `/dr declare P1 what is broken`.' };
  const open = incidents.filter(({ state }) => state === 'open').length;
  const rows = incidents.map((each) => listLine(each, estate, now));
  return {
    text: `${count(incidents.length, 'incident')}, ${open} open${drills.length > 0 ? `; ${count(drills.length, 'drill')}` : ''}.`,
    blocks: [
      ...sections([
        `*${count(incidents.length, 'incident')}, ${open} open*`,
        ...within(rows, LIST_BUDGET, '`/dr status INC-7` shows any one'),
      ]),
      ...sections(
        bullets(
          'Drills, of which nothing leaves Lifeboat',
          drills.map((each) => listLine(each, estate, now)),
        ),
      ),
    ],
  };
}

function listLine(incident: Incident, estate: Estate, now: Date): string {
  const { id, severity, title, state, channel, service } = incident;
  const place = channel === null || kindOf(id) === 'drill' ? '' : ` <#${channel}>`;
  const what = `${state === 'open' ? severityWords(estate, severity) : `:white_check_mark: ${severity}`} *${label(id)}* ${userLine(title, 150)}`;
  const hit = service === null ? '' : ` · ${userLine(service, 60)}`;
  const ack = incident.acknowledged_at === null ? ':warning: nobody has acknowledged' : 'acknowledged';
  const about = state === 'open' ? `${ack}, open for ${since(incident.declared_at, now)}` : state;
  return `${what}${hit} · ${about}${place}`;
}
