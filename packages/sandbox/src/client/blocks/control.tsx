import type { VNode } from 'preact';
import { choicesOf } from './choices.ts';
import { Combobox } from './combobox.tsx';
import type { ControlProps } from './control-props.ts';
import { takesSeveral } from './element-value.ts';
import { OptionList } from './option-list.tsx';
import { Picker } from './picker.tsx';
import { numberAt, textAt, wordsAt } from './read.ts';
import { TextInput } from './text-input.tsx';
import { Undrawn } from './undrawn.tsx';

/** Whatever takes a value: lists, dates, text. */
export function Control(props: ControlProps): VNode {
  const { element, value, change, context, naming, clearable } = props;
  const type = textAt(element, 'type');
  if (/^(multi_)?(static|users|channels|conversations)_select$/.test(type)) {
    return (
      <Combobox
        choices={choicesOf(element, context)}
        value={value}
        change={change}
        placeholder={wordsAt(element, 'placeholder') || (takesSeveral(element) ? 'Choose some' : 'Choose one')}
        most={numberAt(element, 'max_selected_items') ?? Infinity}
        clearable={clearable}
        naming={naming}
      />
    );
  }
  switch (type) {
    case 'checkboxes':
    case 'radio_buttons':
      return <OptionList {...props} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <Picker {...props} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
    case 'external_select':
      return <TextInput {...props} />;
    default:
      return <Undrawn type={type} />;
  }
}
