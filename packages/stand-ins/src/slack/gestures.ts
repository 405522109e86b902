import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { isObject } from './args.ts';
import type { Answer } from './delivery.ts';
import type { SlackView } from './state.ts';

/** What somebody sees after a gesture: the answer, and its text, blocks or field errors when it has some. */
export interface Reply extends Answer {
  text: string;
  blocks: JsonObject[];
  response_type: string;
  response_action: string;
  /** Field errors of a form, by block id. */
  errors: Record<string, string>;
}

const stringOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

export function replyOf(answer: Answer): Reply {
  const body = isObject(answer.body) ? answer.body : {};
  const { blocks, errors } = body;
  return {
    ...answer,
    text: typeof answer.body === 'string' ? answer.body : stringOf(body['text']),
    blocks: Array.isArray(blocks) ? blocks.filter(isObject) : [],
    response_type: stringOf(body['response_type']) || 'ephemeral',
    response_action: stringOf(body['response_action']),
    errors: isObject(errors)
      ? Object.fromEntries(Object.entries(errors).map(([id, text]) => [id, stringOf(text)]))
      : {},
  };
}

/** Which element: the text that stands on it or its action_id; or several marks that must all fit. */
export type Pick = string | { action_id?: string | RegExp; text?: string; value?: string; block_id?: string };

export interface FoundElement {
  block_id: string;
  element: JsonObject;
}

function elementsIn(blocks: JsonObject[]): FoundElement[] {
  return blocks.flatMap((block) =>
    [block['accessory'], block['element'], ...(Array.isArray(block['elements']) ? block['elements'] : [])]
      .filter(isObject)
      .filter((element) => typeof element['action_id'] === 'string')
      .map((element) => ({ block_id: stringOf(block['block_id']), element })),
  );
}

const labelOf = (element: JsonObject): string => (isObject(element['text']) ? stringOf(element['text']['text']) : '');

function fits({ block_id, element }: FoundElement, pick: Pick): boolean {
  const action = stringOf(element['action_id']);
  if (typeof pick === 'string') return labelOf(element) === pick || action === pick;
  const { action_id: wanted } = pick;
  return (
    (wanted === undefined || (typeof wanted === 'string' ? action === wanted : wanted.test(action))) &&
    (pick.text === undefined || labelOf(element) === pick.text) &&
    (pick.value === undefined || element['value'] === pick.value) &&
    (pick.block_id === undefined || block_id === pick.block_id)
  );
}

/** The first element that fits. Throws an error that lists what is there. */
export function pickElement(blocks: JsonObject[], pick: Pick): FoundElement {
  const all = elementsIn(blocks);
  const found = all.find((one) => fits(one, pick));
  if (found) return found;
  const there = all.map(({ element }) => `"${labelOf(element)}" (${stringOf(element['action_id'])})`).join(', ');
  throw new Error(`There is no ${JSON.stringify(pick)} to press; there is ${there || 'nothing to press'}.`);
}

/** The options of a select, those in groups included. */
function optionsOf(element: JsonObject): JsonObject[] {
  const own = Array.isArray(element['options']) ? element['options'] : [];
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'].filter(isObject) : [];
  return [...own, ...groups.flatMap((group) => (Array.isArray(group['options']) ? group['options'] : []))].filter(
    isObject,
  );
}

function optionOf(element: JsonObject, wanted: string): JsonObject {
  const options = optionsOf(element);
  const found = options.find((option) => option['value'] === wanted || labelOf(option) === wanted);
  if (found) return found;
  if (element['type'] === 'external_select') return { text: { type: 'plain_text', text: wanted }, value: wanted };
  throw new Error(
    `There is no option "${wanted}"; there is ${options.map((option) => stringOf(option['value'])).join(', ')}.`,
  );
}

const listFields: Record<string, string> = {
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
};
const singleFields: Record<string, string> = {
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
};

/** What Slack reports for an element after `value` was entered; several values for lists and checkboxes. */
export function enteredValue(element: JsonObject, value: string | string[]): JsonObject {
  const type = stringOf(element['type']);
  const values = Array.isArray(value) ? value : [value];
  const first = values[0] ?? '';
  const list = listFields[type];
  if (list !== undefined) return { type, [list]: values };
  // Emptied again: Slack then reports what it reports for an element without an initial value.
  if (first === '' && values.length < 2 && !type.startsWith('multi_') && type !== 'checkboxes')
    return untouchedValue({ type });
  const single = singleFields[type];
  if (single !== undefined) return { type, [single]: first };
  if (type === 'checkboxes' || type === 'multi_static_select' || type === 'multi_external_select') {
    return { type, selected_options: values.map((one) => optionOf(element, one)) };
  }
  if (['static_select', 'radio_buttons', 'external_select', 'overflow'].includes(type)) {
    return { type, selected_option: optionOf(element, first) };
  }
  if (type === 'datetimepicker') return { type, selected_date_time: Number(first) };
  return { type, value: first };
}

/** What Slack reports for an element that nobody touched: its initial value, or null. */
function untouchedValue(element: JsonObject): JsonObject {
  const type = stringOf(element['type']);
  const initial = (name: string): Json => element[`initial_${name}`] ?? null;
  const list = listFields[type];
  if (list !== undefined) return { type, [list]: initial(list.replace('selected_', '')) ?? [] };
  const single = singleFields[type];
  if (single !== undefined) return { type, [single]: initial(single.replace('selected_', '')) };
  if (type === 'checkboxes' || type.startsWith('multi_')) return { type, selected_options: initial('options') ?? [] };
  if (['static_select', 'radio_buttons', 'external_select'].includes(type))
    return { type, selected_option: initial('option') };
  if (type === 'datetimepicker') return { type, selected_date_time: initial('date_time') };
  return { type, value: initial('value') };
}

const isEmpty = (value: JsonObject): boolean =>
  Object.entries(value).every(
    ([key, inner]) => key === 'type' || inner === null || inner === '' || (Array.isArray(inner) && inner.length === 0),
  );

/** What a person enters in a form: per block id a value, several values, or a value per action id. */
export type FormValues = Record<string, string | string[]>;

/** Fills the form; returns the names of required blocks that stay empty. Throws when a block does not exist. */
export function fillForm(view: SlackView, values: FormValues): string[] {
  const inputs = view.blocks.filter((block) => isObject(block['element']));
  const names = inputs.map((block) => stringOf(block['block_id']));
  const actions = inputs.map((block) => (isObject(block['element']) ? stringOf(block['element']['action_id']) : ''));
  for (const name of Object.keys(values)) {
    if (!names.includes(name) && !actions.includes(name)) {
      throw new Error(`The form has no input "${name}"; it has ${names.join(', ')}.`);
    }
  }
  const missing: string[] = [];
  inputs.forEach((block, n) => {
    const element = block['element'];
    const [name, action] = [names[n] ?? '', actions[n] ?? ''];
    if (!isObject(element)) return;
    const entered = values[name] ?? values[action];
    const before = view.state[name];
    const kept = isObject(before) && isObject(before[action]) ? before[action] : untouchedValue(element);
    const value = entered === undefined ? kept : enteredValue(element, entered);
    view.state[name] = { [action]: value };
    if (block['optional'] !== true && isEmpty(value)) missing.push(name);
  });
  return missing;
}
