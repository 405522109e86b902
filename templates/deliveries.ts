import type { Estate } from '../src/domain/estate/model.ts';
import type { Json } from '../src/domain/json.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import { roleIn } from '../src/domain/escalation/escalation.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context } from './blocks.ts';
import { sections } from './clip.ts';
import { readerWords, SENDS } from './delivery-words.ts';
import { roleName } from './people-words.ts';
import { capital } from './live-words.ts';
import { count, date, span, userLine } from './words.ts';

/** A send that is not through, as the store reads it. */
export interface OpenSend {
  kind: string;
  payload: { [key: string]: Json };
  state: string;
  attempts: number;
  error: string | null;
  due_at: Date;
  unknown_since: Date | null;
  blocked: boolean;
}

/** What a person reads at once; Slack would take some more. */
const SHOWN = 25;

/** Failed first: nobody tries those again. */
const ORDER = ['failed', 'unknown'];
const rank = ({ state }: OpenSend): number => (ORDER.indexOf(state) + ORDER.length + 1) % (ORDER.length + 1);

/** What waits, what was refused and what nobody knows, each with its reader, why, and what happens next. */
export function deliveriesText(
  id: number,
  {
    sends,
    counts,
    now,
  }: { sends: readonly OpenSend[]; counts: readonly { state: string; count: number }[]; now: Date },
  estate: Estate,
): ChatMessage {
  const of = (...states: string[]): number =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, each) => sum + each.count, 0);
  const [failed, unknown, waits] = [of('failed'), of('unknown'), of('pending', 'queued', 'running')];
  const total = failed + unknown + waits;
  if (total === 0) return { text: `Everything that ${label(id)} had to send is through.` };
  const text = `${label(id)}: ${waits} waiting, ${failed} refused for good, ${unknown} unknown.`;
  const shown = sends.toSorted((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
  const hidden = total - shown.length;
  return {
    text,
    blocks: [
      ...sections([`*${text}*`, ...shown.map((each) => `• ${line(each, now, estate)}`)]),
      context(
        `${hidden > 0 ? `… ${count(hidden, 'more is', 'more are')} not shown. ` : ''}As of ${date(now, '{time_secs}')}. What is refused or unknown stays here until the incident is closed${kindOf(id) === 'drill' ? '; nothing of a drill leaves Lifeboat' : ''}.`,
      ),
    ],
  };
}

function line(send: OpenSend, now: Date, estate: Estate): string {
  const why = send.error === null ? '' : ` _Why:_ ${userLine(send.error, 200)}.`;
  return `*${capital(whatOf(send))}* to ${readerOf(send, estate)}: ${stateOf(send)}.${why} _Next:_ ${nextOf(send, now)}.`;
}

const word = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

function whatOf({ kind, payload }: OpenSend): string {
  const template = word(payload['template']);
  if (template !== null) return `the message ${userLine(template.replaceAll('-', ' '), 60)}`;
  const action = word(payload['action']);
  if (kind === 'pager.send' && action !== null && action !== 'trigger')
    return `the ${action === 'resolve' ? 'end' : 'answer'} of a page`;
  return SENDS[kind] ?? userLine(kind, 40);
}

function readerOf({ kind, payload }: OpenSend, estate: Estate): string {
  const to = word(payload['to']);
  if (to !== null && to !== 'incident') return readerWords(to, estate);
  const key = word(payload['dedup_key']);
  if (key !== null) return `${roleName(estate, roleIn(key))} (pager)`;
  return kind.startsWith('pager.') ? 'the pager' : "the incident's channel";
}

function stateOf({ state, attempts, unknown_since }: OpenSend): string {
  const tries = attempts > 0 ? ` after ${count(attempts, 'try', 'tries')}` : '';
  if (state === 'failed') return `refused for good${tries}`;
  if (state === 'unknown') return `may or may not have arrived${tries}`;
  if (unknown_since !== null) return `waits, and may have arrived already${tries}`;
  return state === 'running' ? 'is being sent now' : `waits${tries}`;
}

/** What happens by itself, or what a person has to do. */
function nextOf({ state, kind, blocked, due_at, unknown_since }: OpenSend, now: Date): string {
  const page = kind.startsWith('pager.');
  if (state === 'failed')
    return page
      ? 'nothing by itself: reach them another way, `/dr contacts` has the numbers'
      : 'nothing by itself: mend the cause, and tell them yourself';
  if (state === 'unknown') return 'nothing by itself: look there whether it arrived';
  if (state === 'running') return 'its outcome';
  if (blocked) return 'it goes out after what stands before it';
  const look = unknown_since === null ? 'it is tried' : 'Lifeboat looks whether it arrived, and sends it if not';
  const wait = due_at.getTime() - now.getTime();
  return wait > 0 ? `${look} in ${span(wait)}` : `${look} now`;
}
