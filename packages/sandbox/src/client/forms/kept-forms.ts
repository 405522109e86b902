import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { keep, recall, type Memory } from '../state/stored.ts';
import type { Entered } from '../blocks/element-value.ts';
import type { Draft } from './form-values.ts';

type View = Pick<SlackView, 'id'>;

const PREFIX = 'form.';

/** Keeps what was entered into a form over a reload. */
export function keepForm(storage: Memory, { id }: View, draft: Draft): void {
  if (Object.keys(draft).length > 0) keep(storage, `${PREFIX}${id}`, draft);
}

export function recallForm(storage: Memory, { id }: View): Draft {
  const found = recall(storage, `${PREFIX}${id}`);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter((each): each is [string, Entered] => isEntered(each[1])));
}

/** Forgets all forms but those that are open, whoever has them open. */
export function forgetForms(storage: Memory, open: readonly View[]): void {
  const kept = new Set(open.map(({ id }) => `lifeboat.${PREFIX}${id}`));
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  for (const key of keys) if (key.startsWith(`lifeboat.${PREFIX}`) && !kept.has(key)) storage.removeItem(key);
}

const isEntered = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
