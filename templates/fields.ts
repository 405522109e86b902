import type { Detail } from '../src/domain/incident/detail.ts';
import type { Mrkdwn } from './words.ts';

/** Every field that a template may name. Loading refuses a template that names another. */
export const FIELDS = {
  incident: [
    'label',
    'title',
    'state',
    'severity',
    'severity_name',
    'emoji',
    'channel',
    'started',
    'age',
    'declared_by',
    'acknowledged_by',
    'resolved_by',
    'resolved_at',
    'resolution',
    'last_update',
  ],
  impact: ['systems', 'text'],
  brief: [
    'systems',
    'impact',
    'since',
    'doing',
    'doing_public',
    'goal_label',
    'goal',
    'next_word',
    'unchanged_since',
    'contact',
    'resolved_at',
    'resolved_by',
    'took',
    'in_time',
    'rto',
    'verified',
    'resolution',
    'text',
    'message',
    'author',
  ],
  clock: [
    'rto',
    'due',
    'rto_state',
    'goal_label',
    'goal',
    'next_update',
    'next_word',
    'update_every',
    'took',
    'verdict',
  ],
  people: ['commander', 'contact'],
  now: ['status', 'known', 'running', 'waiting', 'trouble', 'next', 'unknown'],
  run: [
    'exists',
    'id',
    'name',
    'state',
    'outcome',
    'emoji',
    'requested_by',
    'services',
    'steps',
    'done',
    'took',
    'objective',
    'verdict',
    'digest',
    'reason',
    'stuck',
    'skippable',
    'failed',
    'skipped',
    'unfinished',
    'approvals',
    'checked',
    'unanswered',
    'over',
  ],
  recovery: ['took_part', 'systems', 'actions', 'verified', 'checks', 'doubt', 'doubts', 'reason', 'verification'],
  params: [
    'actor',
    'at',
    'after',
    'before',
    'counted',
    'asked',
    'calls',
    'fix',
    'command',
    'answered',
    'kind',
    'into',
    'merged',
    'place',
    'on',
    'restore',
    'seen',
    'from',
    'level',
    'message',
    'named_by',
    'news',
    'notes',
    'of',
    'part',
    'people',
    'person',
    'phones',
    'reason',
    'resumed',
    'role',
    'roles',
    'round',
    'say',
    'service',
    'since',
    'step',
    'text',
    'to',
    'todo',
    'whom',
    'why',
    'word',
    'raised',
    'unanswered',
    'unreached',
  ],
} as const;

export type Value = Mrkdwn | string | number | boolean | null | (Mrkdwn | string)[];
type Groups = typeof FIELDS;
export type Group<G extends keyof Groups> = Record<Groups[G][number], Value>;
export type MessageContext = { [G in keyof Groups]: Group<G> };

/** The names of an incident that anybody may read. */
const NAMES = ['incident.label', 'incident.severity', 'incident.severity_name', 'incident.emoji', 'incident.state'];

/** Parameters that are numbers, times and severities. */
const PLAIN = ['part', 'of', 'level', 'since', 'from', 'to', 'counted', 'into'];

/**
 * What a template of less than full detail may name, so that no step, command, address or mention gets into it; of `brief`
 * that is all but what is left out. Words that somebody typed, and names of people, are nothing for the public.
 */
const ONLY: Record<Exclude<Detail, 'full'>, { also: readonly string[]; without: readonly string[] }> = {
  brief: { also: [...NAMES, 'incident.title', ...PLAIN.map((name) => `params.${name}`)], without: ['doing_public'] },
  public: {
    also: NAMES,
    without: ['doing', 'goal_label', 'goal', 'contact', 'resolved_by', 'resolution', 'text', 'message', 'author'],
  },
};

/** Whether a reader of that detail may read the field. */
export function mayRead(path: string, detail: Detail): boolean {
  if (detail === 'full') return true;
  const [group, field = ''] = path.split('.');
  const { also, without } = ONLY[detail];
  return group === 'brief' ? !without.includes(field) : also.includes(`${group ?? ''}.${field}`);
}

/** Whether a path as Liquid's analysis prints it (`now.next`, `now.next.size`) is a field. */
export function isField(path: string): boolean {
  const [group, field, rest, ...more] = path.split('.');
  if (group === undefined || field === undefined || more.length > 0 || !Object.hasOwn(FIELDS, group)) return false;
  const known: readonly string[] = FIELDS[group as keyof Groups];
  return known.includes(field) && (rest === undefined || rest === 'size');
}
