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
  clock: ['rto', 'due', 'rto_state', 'rto_span', 'next_update', 'update_every', 'took', 'verdict'],
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
  ],
  recovery: ['took_part', 'systems', 'actions', 'verified', 'checks', 'doubts', 'reason', 'verification'],
  params: [
    'actor',
    'after',
    'fix',
    'command',
    'answered',
    'kind',
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
    'say',
    'service',
    'step',
    'text',
    'to',
    'word',
    'raised',
    'unanswered',
  ],
} as const;

export type Value = Mrkdwn | string | number | boolean | null | (Mrkdwn | string)[];
type Groups = typeof FIELDS;
export type Group<G extends keyof Groups> = Record<Groups[G][number], Value>;
export type MessageContext = { [G in keyof Groups]: Group<G> };

/** Whether a path as Liquid's analysis prints it (`now.next`, `now.next.size`) is a field. */
export function isField(path: string): boolean {
  const [group, field, rest, ...more] = path.split('.');
  if (group === undefined || field === undefined || more.length > 0 || !Object.hasOwn(FIELDS, group)) return false;
  const known: readonly string[] = FIELDS[group as keyof Groups];
  return known.includes(field) && (rest === undefined || rest === 'size');
}
