import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { initialValue, isEmpty, type Entered } from '../blocks/element-value.ts';
import { numberAt, objectAt, textAt } from '../blocks/read.ts';

/** What a person has entered so far, by input; inputs that nobody touched are not in it. */
export type Draft = Readonly<Partial<Record<string, Entered>>>;

const elementOf = (block: JsonObject): JsonObject => objectAt(block, 'element') ?? {};

/** Names an input: a block that comes back with another element is another input. */
export const inputKey = (block: JsonObject): string =>
  JSON.stringify([textAt(block, 'block_id'), textAt(elementOf(block), 'action_id')]);

/** What an input holds: what was entered, else what the workspace knows, else what the bot put in. */
export function valueOf(view: SlackView, block: JsonObject, draft: Draft): Entered {
  const element = elementOf(block);
  const known = objectAt(view.state, textAt(block, 'block_id'));
  return draft[inputKey(block)] ?? initialValue(element, known && objectAt(known, textAt(element, 'action_id')));
}

const inputsOf = (view: SlackView): JsonObject[] => view.blocks.filter((block) => textAt(block, 'type') === 'input');

/** Values by block id, as a submission carries them. */
export const valuesOf = (view: SlackView, draft: Draft): Record<string, Entered> =>
  Object.fromEntries(inputsOf(view).map((block) => [textAt(block, 'block_id'), valueOf(view, block, draft)]));

/** What Slack itself finds wrong before it sends a form, by block id. */
export function problemsOf(view: SlackView, draft: Draft): Record<string, string> {
  const found = inputsOf(view).map((block): [string, string | null] => [
    textAt(block, 'block_id'),
    problemOf(block, valueOf(view, block, draft)),
  ]);
  return Object.fromEntries(found.filter((each): each is [string, string] => each[1] !== null));
}

function problemOf(block: JsonObject, value: Entered): string | null {
  if (isEmpty(value)) return block['optional'] === true ? null : 'Please complete this required field.';
  if (typeof value !== 'string') return null;
  const element = elementOf(block);
  switch (textAt(element, 'type')) {
    case 'plain_text_input':
      return lengthProblem(element, value);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+$/.test(value.trim()) ? null : 'Please enter an email address, such as name@example.com.';
    case 'url_text_input':
      return URL.canParse(value.trim()) ? null : 'Please enter a whole address, such as https://example.com.';
    case 'number_input':
      return numberProblem(element, value);
    default:
      return null;
  }
}

function lengthProblem(element: JsonObject, value: string): string | null {
  const [least, most] = [numberAt(element, 'min_length'), numberAt(element, 'max_length')];
  if (least !== null && value.length < least) return `Please write at least ${least} characters.`;
  return most !== null && value.length > most ? `Please write at most ${most} characters.` : null;
}

/** Slack: `min_value` and `max_value` are numbers written as text. */
function numberProblem(element: JsonObject, value: string): string | null {
  const n = Number(value);
  const bound = (name: string): number | null =>
    numberAt(element, name) ?? (textAt(element, name) === '' ? null : Number(textAt(element, name)));
  const [least, most] = [bound('min_value'), bound('max_value')];
  if (!Number.isFinite(n)) return 'Please enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(n)) return 'Please enter a whole number.';
  if (least !== null && n < least) return `Please enter a number of at least ${least}.`;
  return most !== null && n > most ? `Please enter a number of at most ${most}.` : null;
}
