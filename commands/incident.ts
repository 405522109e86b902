import { DURATION_RULE, parseDuration } from '../src/domain/duration.ts';
import { identitiesOf } from '../src/domain/estate/people.ts';
import { servicesOf } from '../src/domain/estate/typed-names.ts';
import type { IncidentState } from '../src/domain/incident/incident.ts';
import { COUNTED, PAGE, readMoment, type IncidentSearch } from '../src/domain/incident/search.ts';
import { nearestName } from '../src/domain/nearest.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { searchIncidents } from '../src/store/incident/search.ts';
import { searchText } from '../templates/search.ts';
import type { Command, CommandDeps } from './command.ts';
import { inWords } from './typed.ts';
import { needNamed, needSeverity, readPerson, takeOption } from './words.ts';

const KEYS = ['service', 'person', 'from', 'to', 'last', 'state', 'severity', 'page'] as const;
type Key = (typeof KEYS)[number];

export const incident: Command = {
  name: 'incident',
  aliases: ['incidents', 'search', 'find'],
  group: 'Look',
  usage: 'words… [service:s] [person:@p] [last:7d | from:date to:date] [state:open] [severity:P1]',
  summary:
    'Finds incidents, newest first: by words in titles, updates and notes, by service, by who had to do with them, by time.',
  who: 'anyone',
  words: 'whole',
  people: true,
  examples: [
    'incident disk full',
    'incident service:api last:7d',
    'incident person:@ana from:2026-11-01 to:2026-11-30 state:closed',
  ],
  async run({ args }, deps) {
    const { options, rest } = takeOptions(args);
    const page = readPage(options.get('page'));
    const search = { ...(await readOptions(options, deps)), words: readWords(inWords(rest, deps.estate())) };
    const [{ shown, total }, now] = await Promise.all([
      searchIncidents(deps.pool, search, page),
      databaseClock(deps.pool),
    ]);
    if (page > 1 && shown.length === 0)
      throw new LifeboatError('not_found', `there is no page ${page}`, '`page:1` shows the newest');
    const asked = args.replace(/(?:^|\s)page[:=]\s*\S+/i, '').trim();
    const { text, blocks } = searchText({ shown, total, page, asked, estate: deps.estate(), now });
    return { kind: 'message', visible: 'you', text, ...(blocks && { blocks }) };
  },
};

function takeOptions(args: string): { options: Map<Key, string>; rest: string } {
  const options = new Map<Key, string>();
  let text = args;
  for (const key of KEYS) {
    const { value, rest } = takeOption(text, key);
    if (value === null) continue;
    options.set(key, value);
    text = rest;
  }
  return { options, rest: text };
}

/** Words with a letter or a digit; what looks like a filter that was misspelt is said. */
function readWords(text: string): string[] {
  const words = text
    .replaceAll(/["“”„«»]/g, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  for (const word of words) {
    const [, name] = /^(\p{L}+)[:=]/u.exec(word) ?? [];
    const near = name === undefined ? undefined : nearestName(name.toLowerCase(), [...KEYS]);
    if (near !== undefined)
      throw new LifeboatError('invalid', `there is no filter \`${name ?? ''}:\``, `did you mean \`${near}:\`?`);
  }
  if (words.length > 10) throw new LifeboatError('invalid', `you look for ${words.length} words`, 'at most 10');
  return words;
}

async function readOptions(options: Map<Key, string>, deps: CommandDeps): Promise<Omit<IncidentSearch, 'words'>> {
  const estate = deps.estate();
  const [service, person, state, severity] = (['service', 'person', 'state', 'severity'] as const).map(
    (key) => options.get(key) ?? null,
  );
  return {
    service: service == null ? null : needNamed(service, 'service', servicesOf(estate)),
    person: person == null ? null : identitiesOf(estate, readPerson(person, estate)),
    state: state == null ? null : needState(state),
    severity: severity == null ? null : needSeverity(severity, estate),
    ...(await readTime(options, deps)),
  };
}

const STATES: readonly IncidentState[] = ['open', 'resolved', 'closed'];

function needState(word: string): IncidentState {
  const found = STATES.find((each) => each === word.toLowerCase());
  if (found !== undefined) return found;
  throw new LifeboatError('invalid', `there is no state \`${word}\``, `one of ${STATES.join(', ')}`);
}

async function readTime(
  options: Map<Key, string>,
  { pool }: CommandDeps,
): Promise<Pick<IncidentSearch, 'from' | 'to'>> {
  const [last, from, to] = [options.get('last'), options.get('from'), options.get('to')];
  if (last !== undefined && from !== undefined)
    throw new LifeboatError('invalid', '`last:` and `from:` contradict each other', 'use one of them');
  const until = to === undefined ? null : needMoment('to', to);
  const end = until && new Date(until.at.getTime() + until.lasts);
  const since = from === undefined ? null : needMoment('from', from).at;
  if (since && end && since >= end)
    throw new LifeboatError('invalid', `\`from:${from ?? ''}\` is after \`to:${to ?? ''}\``, 'the earlier one first');
  if (last === undefined) return { from: since, to: end };
  const ms = parseDuration(last);
  if (ms === undefined)
    throw new LifeboatError('invalid', `\`last:${last}\` is no duration`, `${DURATION_RULE}; for example \`last:7d\``);
  const now = await databaseClock(pool);
  return { from: new Date(Math.max(0, now.getTime() - ms)), to: end };
}

function needMoment(key: string, word: string) {
  const found = readMoment(word);
  if (found) return found;
  throw new LifeboatError(
    'invalid',
    `\`${key}:${word}\` is no date`,
    `\`${key}:2026-11-01\` or \`${key}:2026-11-01T08:30\`, in UTC`,
  );
}

function readPage(word: string | undefined): number {
  if (word === undefined) return 1;
  const last = Math.ceil(COUNTED / PAGE);
  if (/^\d{1,4}$/.test(word) && Number(word) >= 1 && Number(word) <= last) return Number(word);
  throw new LifeboatError(
    'invalid',
    `\`page:${word}\` is no page`,
    `1 to ${last}; for older ones narrow it with \`to:\``,
  );
}
