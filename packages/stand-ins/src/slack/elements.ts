import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { isObject, textOf } from './args.ts';
import { checkText, type Problems } from './block-rules.ts';

/** Numbers from Slack's Block Kit reference. */
const max = {
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  id: 255,
  options: 100,
  optionText: 75,
  optionValue: 150,
  placeholder: 150,
};

const selects = ['static_select', 'external_select', 'users_select', 'conversations_select', 'channels_select'];
const multiSelects = selects.map((name) => `multi_${name}`);
const choosers = ['overflow', 'checkboxes', 'radio_buttons'];
const pickers = ['datepicker', 'timepicker', 'datetimepicker'];
const inputs = [
  'plain_text_input',
  'rich_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'file_input',
];

const inActions = ['button', 'workflow_button', ...selects, ...multiSelects, ...choosers, ...pickers];
/** Which elements each place takes. */
export const allowedElements = {
  actions: inActions,
  accessory: ['image', ...inActions],
  input: [...inputs, ...selects, ...multiSelects, 'checkboxes', 'radio_buttons', ...pickers],
} as const;

export function checkElement(
  problems: Problems,
  element: Json | undefined,
  path: string,
  allowed: readonly string[],
): void {
  if (!isObject(element)) {
    problems.add('must be an object', path);
    return;
  }
  const type = element['type'];
  if (typeof type !== 'string' || !allowed.includes(type)) {
    problems.add(`unsupported type: ${textOf(type)}`, `${path}/type`);
    return;
  }
  problems.string(element['action_id'], `${path}/action_id`, max.id);
  if (type === 'image') checkImage(problems, element, path);
  if (type === 'button') checkButton(problems, element, path);
  checkText(problems, element['placeholder'], `${path}/placeholder`, {
    max: max.placeholder,
    plainOnly: true,
    required: false,
  });
  checkConfirm(problems, element['confirm'], `${path}/confirm`);
  checkOptions(problems, element, path, type);
  if (type === 'plain_text_input') checkTextInput(problems, element, path);
}

export function checkImage(problems: Problems, image: JsonObject, path: string): void {
  problems.string(image['alt_text'], `${path}/alt_text`, 2000, true);
  if (image['slack_file'] === undefined) problems.string(image['image_url'], `${path}/image_url`, 3000, true);
}

function checkButton(problems: Problems, button: JsonObject, path: string): void {
  checkText(problems, button['text'], `${path}/text`, { max: max.buttonText, plainOnly: true });
  problems.string(button['value'], `${path}/value`, max.buttonValue);
  problems.string(button['url'], `${path}/url`, max.url);
  problems.oneOf(button['style'], `${path}/style`, ['primary', 'danger']);
}

/** Slack: title 100, text 300, confirm and deny 30 characters. */
function checkConfirm(problems: Problems, confirm: Json | undefined, path: string): void {
  if (confirm === undefined) return;
  if (!isObject(confirm)) {
    problems.add('must be an object', path);
    return;
  }
  checkText(problems, confirm['title'], `${path}/title`, { max: 100, plainOnly: true, required: false });
  checkText(problems, confirm['text'], `${path}/text`, { max: 300 });
  checkText(problems, confirm['confirm'], `${path}/confirm`, { max: 30, plainOnly: true, required: false });
  checkText(problems, confirm['deny'], `${path}/deny`, { max: 30, plainOnly: true, required: false });
}

function checkOptions(problems: Problems, element: JsonObject, path: string, type: string): void {
  const groups = element['option_groups'];
  const needs = type === 'static_select' || type === 'multi_static_select' || choosers.includes(type);
  if (groups !== undefined) {
    problems.items(groups, `${path}/option_groups`, max.options).forEach((group, n) => {
      checkText(problems, group['label'], `${path}/option_groups/${n}/label`, { max: 75, plainOnly: true });
      checkOptionList(problems, group['options'], `${path}/option_groups/${n}/options`, max.options);
    });
  } else if (needs || element['options'] !== undefined) {
    const most = type === 'overflow' ? 5 : type === 'checkboxes' || type === 'radio_buttons' ? 10 : max.options;
    checkOptionList(problems, element['options'], `${path}/options`, most);
  }
}

function checkOptionList(problems: Problems, options: Json | undefined, path: string, most: number): void {
  problems.items(options, path, most).forEach((option, n) => {
    checkText(problems, option['text'], `${path}/${n}/text`, { max: max.optionText });
    problems.string(option['value'], `${path}/${n}/value`, max.optionValue, true);
    checkText(problems, option['description'], `${path}/${n}/description`, { max: 75, required: false });
  });
}

function checkTextInput(problems: Problems, input: JsonObject, path: string): void {
  const longest = input['max_length'];
  if (longest !== undefined && (typeof longest !== 'number' || longest < 1 || longest > 3000)) {
    problems.add('must be between 1 and 3000', `${path}/max_length`);
  }
  problems.string(input['initial_value'], `${path}/initial_value`, 3000);
}
