import type { Estate, SeverityId } from '../src/domain/estate/model.ts';
import { SEVERITIES } from '../src/domain/estate/model.ts';
import type { Json, JsonObject } from '../src/domain/json.ts';
import { LIFEBOAT } from '../src/domain/estate/people.ts';
import { TEXT_LIMIT } from '../src/domain/text/limits.ts';
import type { NewEvent } from '../src/domain/incident/timeline.ts';
import { label } from '../src/domain/incident/subject.ts';
import { redactText } from '../src/runtime/redact.ts';
import { serviceName } from './incident-words.ts';
import { reachWords } from './reach-words.ts';
import { people, roleName, who, whoPerson } from './people-words.ts';
import { date, code, count, listed, span, userLine } from './words.ts';

/** What an event says, read from its data. */
interface Say {
  actor: string;
  raw: (key: string) => string;
  text: (key: string) => string;
  /** What a person typed: shown whole, since it may stand nowhere else. */
  typed: (key: string) => string;
  code: (key: string) => string;
  span: (key: string) => string;
  list: (key: string) => string[];
  /** ' because …' of a reason that was given, else nothing. */
  why: (key?: string) => string;
  estate: Estate;
  data: JsonObject;
}

const stepOf = (say: Say): string => `step ${say.code('step')} of run ${say.text('run')}`;

const WORDS: Record<string, (say: Say) => string> = {
  'incident.declared': (say) =>
    `${say.actor} declared ${severityOf(say, 'severity')}: ${say.typed('title')}${serviceOf(say)}${say.why('description')}`,
  'incident.acknowledged': (say) => `${say.actor} acknowledged after ${say.span('after_ms')}`,
  'incident.severity_changed': (say) =>
    `${say.actor} changed the severity from ${severityOf(say, 'from')} to ${severityOf(say, 'to')}${say.why()}`,
  'incident.expected': (say) =>
    say.raw('at') === ''
      ? `${say.actor} took back the estimate${say.why()}`
      : `${say.actor} expects it to be over ${date(new Date(say.raw('at')))}${say.why()}`,
  'incident.resolved': (say) =>
    `${say.actor} resolved it after ${say.span('after_ms')}: ${say.typed('summary')}${verdictOf(say)}`,
  'incident.closed': (say) => `${say.actor} closed it`,
  'incident.reopened': (say) =>
    `${say.actor} opened it again after it had counted as resolved for ${say.span('counted_ms')}${say.why()}${endOf(say)}`,
  'incident.retitled': (say) => `${say.actor} changed the title from "${say.typed('from')}" to "${say.typed('to')}"`,
  'incident.service_changed': (say) =>
    `${say.actor} named ${serviceName(say.estate, say.raw('to'))} as the service that is hit${say.raw('from') === '' ? '' : `, not ${serviceName(say.estate, say.raw('from'))}`}`,
  'incident.merged': (say) => `${say.actor} merged it into ${label(Number(say.data['into']))}: ${say.typed('title')}`,
  'incident.merged_in': (say) =>
    `${say.actor} merged ${label(Number(say.data['from']))} into it: ${say.typed('title')}`,
  'incident.joined': (say) => `${say.actor} joined`,
  'estate.loaded': (say) =>
    `${say.actor === 'Lifeboat' ? say.text('by') : say.actor} made the estate ${code(say.raw('digest').slice(0, 12))} from ${say.code('source')} the one in use`,
  'channel.opened': (say) => `the channel #${say.text('name')} was opened`,
  'channel.left': (say) => `the channel #${say.text('name')} stays archived, so another one is opened${say.why()}`,
  'channel.failed': (say) => `:warning: the channel #${say.text('name')} could not be opened${say.why()}`,
  'message.refused': (say) =>
    `:warning: the ${say.text('template').replaceAll('-', ' ')} to ${say.text('to')} was refused for good${say.why()}`,
  'role.assigned': (say) =>
    `${say.actor} made ${who(say.estate, say.raw('person'))} ${roleName(say.estate, say.raw('role'))}`,
  'update.posted': (say) =>
    say.data['text'] === null
      ? `${say.actor} posted an automatic update${late(say)}`
      : `${say.actor} posted an update: ${say.typed('text')}`,
  'note.added': (say) => `${say.actor} noted: ${say.typed('text')}`,
  'page.asked': (say) => `${say.actor} asked to page ${pagedOf(say)}${say.why('text')}`,
  'page.sent': (say) => `the pager confirmed the page ${say.code('dedup_key')}`,
  'page.acknowledged': (say) => `${say.actor} answered the page to ${roleName(say.estate, say.raw('role'))}`,
  'page.resolved': (say) => `${say.actor} resolved the page to ${roleName(say.estate, say.raw('role'))} in the pager`,
  'page.unacknowledged': (say) =>
    `${say.actor} took back the answer to the page to ${roleName(say.estate, say.raw('role'))} in the pager${climbs(say)}`,
  'page.reopened': (say) =>
    `${say.actor} reopened the page to ${roleName(say.estate, say.raw('role'))} in the pager${climbs(say)}`,
  'page.reassigned': (say) => `${say.actor} gave the page to ${roleName(say.estate, say.raw('role'))}${movedTo(say)}`,
  'page.delegated': (say) =>
    `${say.actor} gave the page to ${roleName(say.estate, say.raw('role'))} to another escalation policy${movedTo(say)}`,
  'page.escalated': (say) =>
    `${say.actor} escalated the page to ${roleName(say.estate, say.raw('role'))}${movedTo(say)}`,
  'page.priority_updated': (say) => `${say.actor} set the priority in the pager${say.why('text')}`,
  'page.annotated': (say) => `${say.actor} noted in the pager${say.why('text')}`,
  'page.named': (say) => `whom the pages wake is known${whomWords(say)}`,
  'page.assigned': (say) => `the pager assigned the page to ${whoPerson(say.estate, say.raw('person'))}`,
  'page.failed': (say) => `:warning: the page ${say.code('dedup_key')} did not arrive${say.why()}`,
  'escalation.level_fired': (say) => `escalation level ${Number(say.data['level']) + 1} fired${levelOf(say)}`,
  'escalation.repeated': (say) => `nobody answered, so the escalation begins again (time ${say.text('round')})`,
  'escalation.ended': () => ':warning: nobody answered, and nobody further is paged',
  'rto.passed': (say) =>
    `:warning: the recovery time objective of ${say.span('rto_ms')} has passed${say.raw('role') === '' ? ', and nobody is there to be paged' : `, paging ${roleName(say.estate, say.raw('role'))}`}`,
  'reach.failed': (say) =>
    `:warning: Slack cannot reach ${reachWords(say.estate, say.raw('to'), say.raw('why')).whom.mrkdwn}: ${reachWords(say.estate, say.raw('to'), say.raw('why')).why.mrkdwn}`,
  'recovery.requested': (say) =>
    `${say.actor} asked for the recovery of ${serviceName(say.estate, say.raw('service'))}`,
  'recovery.assessed': (say) =>
    `the services behind ${serviceName(say.estate, say.raw('service'))} were looked at: ${healthOf(say)}`,
  'run.started': (say) =>
    `${say.actor} started run ${say.text('run')} ${say.code('name')}: ${count(Number(say.data['steps']), 'step')}, plan ${code(say.raw('digest').slice(0, 12))}`,
  'run.paused': (say) => `${say.actor} paused run ${say.text('run')}${say.why()}`,
  'run.resumed': (say) => `${say.actor} resumed run ${say.text('run')}${say.why()}`,
  'run.abort_asked': (say) => `${say.actor} aborted run ${say.text('run')}${say.why()}`,
  'run.ending': (say) => `run ${say.text('run')} stops early: ${say.text('ending')}`,
  'run.rolling_back': (say) => `run ${say.text('run')} undoes ${count(say.list('steps').length, 'step')}`,
  'run.succeeded': (say) => `run ${say.text('run')} succeeded after ${say.span('after_ms')}`,
  'run.unverified': (say) =>
    `:warning: run ${say.text('run')} ended after ${say.span('after_ms')}, not verified: ${say
      .list('doubts')
      .map((each) => userLine(redactText(each), 200))
      .join('; ')}`,
  'run.failed': (say) => `run ${say.text('run')} failed after ${say.span('after_ms')}`,
  'run.aborted': (say) => `run ${say.text('run')} was aborted after ${say.span('after_ms')}`,
  'run.rolled_back': (say) => `run ${say.text('run')} was undone after ${say.span('after_ms')}`,
  'step.started': (say) =>
    `${stepOf(say)} began${Number(say.data['attempt']) > 1 ? `, attempt ${say.text('attempt')}` : ''}`,
  'step.succeeded': (say) => `${stepOf(say)} is done${byOf(say)}`,
  'step.failed': (say) => `${stepOf(say)} failed${byOf(say)}${say.why('error')}`,
  'step.timed_out': (say) => `${stepOf(say)} took too long${say.why('error')}`,
  'step.unknown': (say) => `:warning: ${stepOf(say)} may or may not have happened${say.why('error')}`,
  'step.cancelled': (say) => `${stepOf(say)} was cancelled`,
  'step.canceled': (say) => `${stepOf(say)} was cancelled`, // as timelines spelled it before
  'step.retried': (say) => `${stepOf(say)} is tried again in ${say.span('pause_ms')}${say.why('error')}`,
  'step.held': (say) => `${stepOf(say)} waits until the run goes on${say.why('error')}`,
  'step.retry_asked': (say) => `${say.actor} has ${stepOf(say)} run again${say.why()}`,
  'step.spared': (say) => `${stepOf(say)} was left out${say.why()}`,
  'step.skipped': (say) => `${say.actor} skipped ${stepOf(say)}${say.why()}`,
  'approval.given': (say) =>
    `${say.actor} agreed to ${stepOf(say)}, plan ${code(say.raw('digest').slice(0, 12))}${say.why('comment')}`,
  'approval.denied': (say) => `${say.actor} said no to ${stepOf(say)}${say.why('comment')}`,
};

/** The longest text that is taken, with every character escaped. */
const TYPED = 5 * TEXT_LIMIT + 10;

/** One event in one line; an event that nobody gave words to shows its kind and who did it. */
export function eventWords({ kind, actor, data }: NewEvent, estate: Estate): string {
  const raw = (key: string): string => plain(data[key]);
  const text = (key: string): string => userLine(redactText(raw(key)), 400);
  const typed = (key: string): string => userLine(redactText(raw(key)), TYPED);
  const say: Say = {
    actor: actor === LIFEBOAT ? 'Lifeboat' : who(estate, actor),
    estate,
    data,
    raw,
    text,
    typed,
    code: (key) => code(raw(key)),
    span: (key) => span(Number(data[key] ?? 0)),
    list: (key) => (Array.isArray(data[key]) ? data[key].map(plain) : []),
    why: (key = 'reason') => (raw(key) === '' ? '' : `: ${key === 'error' ? text(key) : typed(key)}`),
  };
  return (Object.hasOwn(WORDS, kind) ? WORDS[kind]?.(say) : undefined) ?? `${code(kind)} by ${say.actor}`;
}

/** Kinds that have words of their own. */
export const EVENT_KINDS = Object.keys(WORDS);

function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const endOf = ({ raw, typed }: Say): string =>
  raw('resolution') === '' ? '' : ` (what was said at its end: ${typed('resolution')})`;

const severityOf = ({ estate, raw }: Say, key: string): string => {
  const known = SEVERITIES.find((each): each is SeverityId => each === raw(key));
  return known === undefined ? userLine(raw(key)) : `${known} ${userLine(estate.severities[known].name, 40)}`;
};

const serviceOf = ({ estate, raw }: Say): string =>
  raw('service') === '' ? '' : ` (${serviceName(estate, raw('service'))})`;

const late = ({ data }: Say): string => {
  const missed = Number(data['missed'] ?? 0);
  return missed > 0 ? `, which stands for ${missed} more that were missed` : '';
};

const byOf = ({ actor }: Say): string => (actor === 'Lifeboat' ? '' : ` (${actor})`);

const pagedOf = ({ estate, list, raw }: Say): string => {
  const names = people(estate, list('people'));
  return names === '' ? roleName(estate, raw('role')) : `${names} as ${roleName(estate, raw('role'))}`;
};

function levelOf(say: Say): string {
  const { estate, list, why } = say;
  const paged = list('paged').map((role) => roleName(estate, role));
  const unreached = list('unreached').map((role) => roleName(estate, role));
  const call = unreached.length > 0 ? `, to be called by telephone: ${listed(unreached)}` : '';
  return `${paged.length > 0 ? `, paging ${listed(paged)}` : ', paging nobody new'}${call}${why('say')}${whomWords(say)}`;
}

const climbs = ({ data }: Say): string => (data['resumed'] === true ? ', so the escalation goes on' : '');

const movedTo = ({ estate, list }: Say): string => {
  const names = people(estate, list('people'));
  return names === '' ? ' in the pager' : `, in the pager to ${names}`;
};

/** Who stands behind the roles: whom the schedule names, whom only the pager knows, and why the list stands in. */
function whomWords({ estate, data }: Say): string {
  const whom = Array.isArray(data['whom']) ? data['whom'] : [];
  const parts = whom.flatMap((each) => {
    if (each === null || typeof each !== 'object' || Array.isArray(each)) return [];
    const names = (Array.isArray(each['people']) ? each['people'] : []).map(plain);
    const strangers = names.filter((name) => !Object.hasOwn(estate.people, name));
    const note = plain(each['note']);
    return [
      `${roleName(estate, plain(each['role']))} is ${people(estate, names) || 'nobody by name'}`,
      ...(strangers.length > 0
        ? [`the estate does not list ${people(estate, strangers)}, so the pager alone reaches them`]
        : []),
      ...(note === '' ? [] : [`by the list of the estate, since ${userLine(note, 200)}`]),
    ];
  });
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

const VERDICTS: Record<string, string> = {
  verified: ' (verified: its checks were green)',
  red: ' (although checks were red)',
  unchecked: ' (not verified)',
};

const verdictOf = ({ raw, why }: Say): string => {
  const verdict = Object.hasOwn(VERDICTS, raw('verdict')) ? (VERDICTS[raw('verdict')] ?? '') : '';
  return raw('verdict') === 'red' ? `${verdict}${why()}` : verdict;
};

function healthOf({ data }: Say): string {
  const { health } = data;
  if (health === null || typeof health !== 'object' || Array.isArray(health)) return 'nothing is known';
  const parts = Object.entries(health).map(
    ([name, state]) => `${code(name)} ${userLine(redactText(plain(state)), 300)}`,
  );
  return parts.length === 0 ? 'there is nothing to look at' : userJoin(parts);
}

const userJoin = (parts: string[]): string => `${listed(parts.slice(0, 20))}${parts.length > 20 ? ' and more' : ''}`;
