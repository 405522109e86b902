import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import { ButtonElement, type ElementProps } from './button.tsx';
import { useConfirm } from './confirm.tsx';
import { Control } from './control.tsx';
import { initialValue, type Entered } from './element-value.ts';
import { BlockImage } from './image.tsx';
import { OverflowElement } from './overflow.tsx';
import { textAt, wordsAt } from './read.ts';

/** An element that stands beside text or in a row: a button, a menu, a list, a picture. */
export function ElementView(props: ElementProps): VNode {
  switch (textAt(props.element, 'type')) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement {...props} />;
    case 'overflow':
      return <OverflowElement {...props} />;
    case 'image':
      return <BlockImage image={props.element} class="bk-thumbnail" />;
    default:
      return <LiveControl {...props} label={nameOf(props.element)} />;
  }
}

const nameOf = (element: JsonObject): string => {
  const given = textAt(element, 'accessibility_label') || wordsAt(element, 'placeholder');
  return given || (NAMES[textAt(element, 'type')] ?? 'Choose');
};

const NAMES: Record<string, string> = {
  datepicker: 'Pick a date',
  timepicker: 'Pick a time',
  datetimepicker: 'Pick a date and a time',
  checkboxes: 'Choose any of these',
  radio_buttons: 'Choose one of these',
};

/** A control that reports each choice at once. It keeps what was chosen until the bot sends something else. */
function LiveControl({ element, block_id, context, label }: ElementProps & { label: string }): VNode {
  const given = initialValue(element);
  const [value, setValue] = useState<Entered>(given);
  useEffect(() => setValue(given), [JSON.stringify(given)]);
  const { ask, question } = useConfirm(element, context);
  const action = textAt(element, 'action_id');
  const isText = textAt(element, 'type').endsWith('_input') || textAt(element, 'type') === 'external_select';
  const busy = context.busy?.includes(action) === true;
  const choose = (next: Entered): void => {
    if (busy) return;
    if (isText) setValue(next);
    else
      ask(() => {
        setValue(next);
        context.choose(block_id, action, next);
      });
  };
  return (
    <div class="bk-live">
      <Control
        element={element}
        value={value}
        change={choose}
        commit={() => busy || context.choose(block_id, action, value)}
        context={context}
        naming={{ label, disabled: context.disabled === true, busy: busy ? true : undefined }}
        clearable={false}
      />
      {question}
    </div>
  );
}
