import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import { Control } from './control.tsx';
import type { Drawing } from './drawing.ts';
import type { Entered } from './element-value.ts';
import { Plain } from './mrkdwn.tsx';
import { objectAt, textAt, wordsAt } from './read.ts';

interface FieldProps {
  block: JsonObject;
  value: Entered;
  change: (value: Entered) => void;
  commit?: () => void;
  context: Drawing;
  error?: string | undefined;
  disabled?: boolean;
}

/** An input block: label, control, hint, and what is wrong with the value. */
export function Field({ block, value, change, commit, context, error, disabled = false }: FieldProps): VNode {
  const id = useId();
  const element = objectAt(block, 'element') ?? {};
  const label = wordsAt(block, 'label');
  const hint = wordsAt(block, 'hint');
  const optional = block['optional'] === true;
  const isGroup = ['checkboxes', 'radio_buttons'].includes(textAt(element, 'type'));
  const words = (
    <>
      <Plain text={label} />
      {optional && <span class="form-optional"> (optional)</span>}
    </>
  );
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class={`form-field${error ? ' form-wrong' : ''}`} data-block={textAt(block, 'block_id')}>
      {isGroup ? (
        <div class="form-label">{words}</div>
      ) : (
        <label class="form-label" for={`${id}-control`}>
          {words}
        </label>
      )}
      <Control
        element={element}
        value={value}
        change={change}
        {...(commit && { commit })}
        context={context}
        clearable={optional}
        naming={{
          ...{ id: `${id}-control`, label, describedBy: describedBy || undefined },
          ...{ invalid: error ? true : undefined, required: optional ? undefined : true, disabled },
        }}
      />
      {error && (
        <p class="form-error" id={`${id}-error`}>
          <svg class="bk-icon" viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="1.4" />
            <path d="M8 4.5v4.2M8 10.8v.9" stroke="currentColor" stroke-width="1.6" />
          </svg>
          {error}
        </p>
      )}
      {hint && (
        <p class="form-hint" id={`${id}-hint`}>
          <Plain text={hint} />
        </p>
      )}
    </div>
  );
}
