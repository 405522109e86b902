import type {
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ImageElement,
  MrkdwnElement,
  MrkdwnOption,
  PlainTextElement,
  PlainTextOption,
} from '@slack/types';
import { truncate } from './text.ts';

/** Source of all numbers: Slack's Block Kit reference. */
const MAX = {
  buttonText: 75,
  value: 2_000,
  url: 3_000,
  id: 255,
  altText: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  placeholder: 150,
};

/** Slack: options in one element, by its type. */
const MAX_OPTIONS = { static_select: 100, multi_static_select: 100, overflow: 5, checkboxes: 10, radio_buttons: 10 };

/** Stands where a text is empty, which Slack refuses. */
const NOTHING = '–';

/** Shortens a text object in place. */
export function fitText(text: PlainTextElement | MrkdwnElement | undefined, max: number): void {
  if (text !== undefined) text.text = text.text === '' ? NOTHING : truncate(text.text, max);
}

/** Brings an element within Slack's limits, in place; false when it must go, because a cut id would mean another thing. */
export function fitElement(element: ActionsBlockElement | ImageElement): boolean {
  if (element.type === 'image') {
    element.alt_text = truncate(element.alt_text || NOTHING, MAX.altText);
    return true;
  }
  if ((element.action_id?.length ?? 0) > MAX.id) return false;
  if ('confirm' in element) fitConfirm(element.confirm);
  if ('placeholder' in element) fitText(element.placeholder, MAX.placeholder);
  if (element.type === 'button') return fitButton(element);
  return fitOptions(element);
}

function fitButton(button: Button): boolean {
  if ((button.value?.length ?? 0) > MAX.value || (button.url?.length ?? 0) > MAX.url) return false;
  fitText(button.text, MAX.buttonText);
  if (button.accessibility_label !== undefined) {
    button.accessibility_label = truncate(button.accessibility_label, MAX.buttonText);
  }
  return true;
}

function fitOptions(element: ActionsBlockElement): boolean {
  if (!('options' in element)) return true;
  element.options.splice(MAX_OPTIONS[element.type]);
  const options: (PlainTextOption | MrkdwnOption)[] = element.options;
  for (const option of options) fitText(option.text, MAX.optionText);
  return options.length > 0;
}

function fitConfirm(confirm: ConfirmationDialog | undefined): void {
  if (confirm === undefined) return;
  fitText(confirm.title, MAX.confirmTitle);
  fitText(confirm.text, MAX.confirmText);
  fitText(confirm.confirm, MAX.confirmButton);
  fitText(confirm.deny, MAX.confirmButton);
}
