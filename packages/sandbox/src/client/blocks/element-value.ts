import type { JsonObject } from '../../../../../src/domain/json.ts';
import { numberAt, objectAt, objectsAt, stringsAt, textAt } from './read.ts';

/** What was entered, as a gesture carries it: text, an option's value, an id, a date, seconds; or several of these. */
export type Entered = string | string[];

export const takesSeveral = (element: JsonObject): boolean =>
  textAt(element, 'type') === 'checkboxes' || textAt(element, 'type').startsWith('multi_');

export const isEmpty = (value: Entered): boolean =>
  typeof value === 'string' ? value.trim() === '' : value.length === 0;

/** What an element holds before anybody touched it: what the workspace knows of it, else what the bot put in. */
export function initialValue(element: JsonObject, known?: JsonObject): Entered {
  return known === undefined ? readValue(element, 'initial_', element) : readValue(known, 'selected_', element);
}

function readValue(from: JsonObject, prefix: string, element: JsonObject): Entered {
  const type = textAt(element, 'type');
  const at = (name: string): string => textAt(from, `${prefix}${name}`);
  switch (type) {
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return stringsAt(from, `${prefix}${type.slice(6, -7)}`);
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return at(type.slice(0, -8));
    case 'datepicker':
      return at('date');
    case 'timepicker':
      return at('time');
    case 'datetimepicker':
      return String(numberAt(from, `${prefix}date_time`) ?? '');
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return textAt(objectAt(from, `${prefix}option`) ?? {}, 'value');
    default:
      if (takesSeveral(element)) return objectsAt(from, `${prefix}options`).map((option) => textAt(option, 'value'));
      return textAt(from, prefix === 'initial_' ? 'initial_value' : 'value');
  }
}
