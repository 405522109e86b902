import type { Estate, SeverityId } from '../src/domain/estate/model.ts';
import { SEVERITIES } from '../src/domain/estate/model.ts';
import type { Json } from '../src/domain/json.ts';
import { PAGER_NEWS as NEWS } from '../src/domain/escalation/pager-news.ts';
import { label } from '../src/domain/incident/subject.ts';
import { listedFor } from '../src/domain/estate/holders.ts';
import { personOf } from '../src/domain/estate/people.ts';
import { redactText } from '../src/runtime/redact.ts';
import type { IncidentFacts, MessageParams } from './facts.ts';
import type { Group } from './fields.ts';
import { serviceName, severityWords } from './incident-words.ts';
import { askedLines } from './ladder-words.ts';
import { callLines, roleName, who, whoPerson } from './people-words.ts';
import { isAnswered, isUnanswered } from './buttons.ts';
import { reachWords } from './reach-words.ts';
import { runOf } from './run-context.ts';
import { stepName } from './step-words.ts';
import {
  code,
  date,
  firstPart,
  laterPart,
  lines,
  listed,
  md,
  type Mrkdwn,
  span,
  userText,
  wholeLine,
} from './words.ts';

/** A message's own parameters in words; what the decision did not give is null. */
export function paramsGroup(facts: IncidentFacts, params: MessageParams): Group<'params'> {
  const { estate } = facts;
  const word = (key: string, say: (text: string) => string): Mrkdwn | null => {
    const value = params[key];
    return typeof value === 'string' && value.trim() !== '' ? md(say(value)) : null;
  };
  const line = (text: string): string => wholeLine(redactText(text));
  const reach =
    typeof params['unreachable'] === 'string' && typeof params['why'] === 'string'
      ? reachWords(estate, params['unreachable'], params['why'])
      : null;
  return {
    actor: word('actor', (name) => who(estate, name)),
    at: typeof params['at'] === 'string' ? md(date(new Date(params['at']))) : null,
    after: typeof params['after_ms'] === 'number' ? span(params['after_ms']) : null,
    before: word('before', (name) => serviceName(estate, name)),
    counted: typeof params['counted_ms'] === 'number' ? span(params['counted_ms']) : null,
    into: typeof params['into'] === 'number' ? label(params['into']) : null,
    merged: typeof params['from_incident'] === 'number' ? label(params['from_incident']) : null,
    place: word('channel', (channel) => (/^[CG][A-Z0-9]+$/.test(channel) ? `<#${channel}>` : code(channel))),
    asked: lines(askedLines(facts)),
    calls: lines(
      callLines(estate, reach === null ? strings(params['call']) : reach.person === null ? [] : [reach.person]),
    ),
    fix: word('fix', line),
    answered: isAnswered(facts, params),
    command: typeof params['service'] === 'string' ? md(code(`/dr recover ${params['service']} anyway`)) : null,
    kind: typeof params['kind'] === 'string' ? params['kind'] : null,
    on: word('on', (service) => serviceName(estate, service)),
    restore: word('restore', (text) => code(text, 300)),
    seen: word('seen', line),
    from: severity(estate, params['from']),
    to: severity(estate, params['to']),
    raised: typeof params['from'] === 'string' && typeof params['to'] === 'string' && params['to'] < params['from'],
    level: typeof params['level'] === 'number' ? params['level'] : null,
    of: typeof params['of'] === 'number' ? params['of'] : null,
    part: typeof params['part'] === 'number' ? params['part'] : null,
    named_by: params['actor'] === params['person'] ? null : word('actor', (name) => who(estate, name)),
    message: word('message', (text) => userText(text)),
    news: NEWS.find((each) => each === params['news']) ?? null,
    notes: list(params['notes'], line),
    people: list(params['people'], (name) => whoPerson(estate, name)),
    person: word('person', (name) => who(estate, name)),
    phones: phones(facts, params),
    reason: word('reason', line),
    resumed: params['resumed'] === true,
    role: word('role', (role) => pagedName(estate, role)),
    roles: list(params['roles'], (role) => roleName(estate, role)),
    round: typeof params['round'] === 'number' ? params['round'] : null,
    say: word('say', line),
    service: word('service', (name) => serviceName(estate, name)),
    since: typeof params['since'] === 'string' ? md(date(new Date(params['since']))) : null,
    step: stepWords(facts, params),
    text: word('text', typeof params['part'] === 'number' ? laterPart : firstPart),
    todo: reach?.todo ?? null,
    whom: reach?.whom ?? null,
    why: reach?.why ?? null,
    word: word('text', line),
    unreached: list(params['unreached'], (role) => roleName(estate, role)),
    unanswered: isUnanswered(facts, params),
  };
}

function severity(estate: Estate, value: Json | undefined): Mrkdwn | null {
  const known = SEVERITIES.find((each): each is SeverityId => each === value);
  return known === undefined ? null : md(severityWords(estate, known));
}

const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

function list(value: Json | undefined, say: (name: string) => string): Mrkdwn | null {
  return Array.isArray(value) && value.length > 0
    ? md(listed(value.filter((each) => typeof each === 'string').map(say)))
    : null;
}

/** A page goes to a role, or to one person by name or as an actor. */
function pagedName(estate: Estate, role: string): string {
  if (Object.hasOwn(estate.roles, role)) return roleName(estate, role);
  return Object.hasOwn(estate.people, role) || personOf(estate, role) === null
    ? whoPerson(estate, role)
    : who(estate, role);
}

/** Whom to ring up when a page does not go out. */
function phones({ estate, pages }: IncidentFacts, { role, dedup_key }: MessageParams): Mrkdwn[] {
  if (typeof role !== 'string') return [];
  const paged = pages.find((page) => page.dedup_key === dedup_key)?.people ?? [];
  const listed = Object.hasOwn(estate.roles, role) ? listedFor(estate, role) : [role];
  const names = paged.some((name) => Object.hasOwn(estate.people, name)) ? paged : listed;
  return names.flatMap((name) => {
    const person = Object.hasOwn(estate.people, name) ? estate.people[name] : undefined;
    return person?.phone === undefined ? [] : [md(`${whoPerson(estate, name)} ${code(person.phone)}`)];
  });
}

function stepWords(facts: IncidentFacts, params: MessageParams): Mrkdwn | null {
  const { step } = params;
  const found = typeof step === 'string' ? runOf(facts, params) : null;
  return found && typeof step === 'string' ? md(stepName(found.plan, step)) : null;
}
