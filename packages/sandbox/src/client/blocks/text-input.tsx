import type { VNode } from 'preact';
import type { ControlProps } from './control-props.ts';
import { numberAt, textAt, wordsAt } from './read.ts';

const MODES: Record<string, 'email' | 'url' | 'decimal'> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'decimal',
};

/** A line or a box of text; how much room is left is said when it gets tight. */
export function TextInput({ element, value, change, commit, naming }: ControlProps): VNode {
  const text = typeof value === 'string' ? value : value.join(', ');
  const most = numberAt(element, 'max_length');
  const shared = {
    id: naming.id,
    class: 'bk-input',
    value: text,
    placeholder: wordsAt(element, 'placeholder'),
    maxLength: most ?? undefined,
    'aria-label': naming.label,
    'aria-describedby': naming.describedBy,
    'aria-invalid': naming.invalid,
    'aria-required': naming.required,
    disabled: naming.disabled,
    'aria-disabled': naming.busy,
    readOnly: naming.busy,
  };
  const enter = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !commit || event.isComposing) return;
    event.preventDefault();
    commit();
  };
  const left = most === null ? Infinity : most - text.length;
  return (
    <>
      {element['multiline'] === true ? (
        <textarea {...shared} rows={4} onInput={({ currentTarget }) => change(currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={MODES[textAt(element, 'type')]}
          autocomplete="off"
          onInput={({ currentTarget }) => change(currentTarget.value)}
          onKeyDown={enter}
        />
      )}
      {most !== null && left <= Math.max(20, most * 0.1) && (
        <p class="bk-left" role="status">
          {left === 1 ? '1 character left' : `${left} characters left`}
        </p>
      )}
    </>
  );
}
