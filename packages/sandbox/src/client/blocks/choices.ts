import type { JsonObject } from '../../../../../src/domain/json.ts';
import { nameOfChannel, type Drawing } from './drawing.ts';
import { objectAt, objectsAt, stringsAt, textAt, wordsAt } from './read.ts';

/** Something that can be chosen in a list. */
export interface Choice {
  value: string;
  label: string;
  description: string;
  group: string;
}

export type Directory = Pick<Drawing, 'users' | 'channels' | 'me'>;

/** What an element offers: its own options, the people, or the channels. */
export function choicesOf(element: JsonObject, directory: Directory): Choice[] {
  const type = textAt(element, 'type').replace('multi_', '');
  if (type === 'users_select') return people(directory);
  if (type === 'channels_select') return channels(directory, ['public']);
  if (type === 'conversations_select') {
    const include = stringsAt(objectAt(element, 'filter') ?? {}, 'include');
    return channels(directory, include.length > 0 ? include : ['public', 'private', 'im']);
  }
  const groups = objectsAt(element, 'option_groups');
  if (groups.length === 0) return optionChoices(element, '');
  return groups.flatMap((group) => optionChoices(group, wordsAt(group, 'label')));
}

const optionChoices = (holder: JsonObject, group: string): Choice[] =>
  objectsAt(holder, 'options').map((option) => ({
    value: textAt(option, 'value'),
    label: wordsAt(option, 'text'),
    description: wordsAt(option, 'description'),
    group,
  }));

const byLabel = (one: Choice, other: Choice): number => one.label.localeCompare(other.label, 'en');

const people = ({ users, me }: Directory): Choice[] =>
  [...users.values()]
    .filter((user) => user.deleted !== true && user.is_bot !== true)
    .map((user) => {
      const label = user.real_name || user.name;
      return { value: user.id, label: user.id === me ? `${label} (you)` : label, description: '', group: '' };
    })
    .sort(byLabel);

function channels(directory: Directory, include: string[]): Choice[] {
  const { me } = directory;
  return [...directory.channels.values()]
    .filter((channel) => !channel.is_archived && include.includes(kindOf(channel)))
    .filter((channel) => kindOf(channel) === 'public' || channel.members.includes(me) || channel.im_user === me)
    .map((channel) => {
      const name = nameOfChannel(directory, channel.id) ?? channel.name;
      return { value: channel.id, label: channel.is_im ? name : `#${name}`, description: '', group: '' };
    })
    .sort(byLabel);
}

const kindOf = (channel: { is_im: boolean; is_private: boolean }): string =>
  channel.is_im ? 'im' : channel.is_private ? 'private' : 'public';
