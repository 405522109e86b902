import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { ControlProps } from './control-props.ts';
import { objectAt, objectsAt, textAt } from './read.ts';
import { TextLine } from './text-object.tsx';

/** Checkboxes or radio buttons. */
export function OptionList({ element, value, change, context, naming }: ControlProps): VNode {
  const name = useId();
  const radio = textAt(element, 'type') === 'radio_buttons';
  const chosen = typeof value === 'string' ? [value] : value;
  const toggled = (option: string): string[] =>
    chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option];
  return (
    <div
      id={naming.id}
      class="bk-options"
      role={radio ? 'radiogroup' : 'group'}
      aria-label={naming.label}
      aria-describedby={naming.describedBy}
      aria-invalid={radio ? naming.invalid : undefined}
      aria-required={radio ? naming.required : undefined}
    >
      {objectsAt(element, 'options').map((option, index) => {
        const own = textAt(option, 'value');
        const description = objectAt(option, 'description');
        return (
          <label class="bk-choice">
            <input
              type={radio ? 'radio' : 'checkbox'}
              name={name}
              checked={chosen.includes(own)}
              disabled={naming.disabled}
              aria-disabled={naming.busy}
              aria-describedby={description && `${name}-${index}`}
              onChange={(event) => {
                // The state says what is chosen: a person may yet take it back when asked whether they are sure.
                event.currentTarget.checked = chosen.includes(own);
                change(radio ? own : toggled(own));
              }}
            />
            <span>
              <TextLine value={objectAt(option, 'text') ?? {}} context={context} />
              {description && (
                <span id={`${name}-${index}`} class="bk-option-about">
                  <TextLine value={description} context={context} />
                </span>
              )}
            </span>
          </label>
        );
      })}
    </div>
  );
}
