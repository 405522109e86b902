import type { VNode } from 'preact';
import type { ControlProps } from './control-props.ts';
import { fromLocal, toLocal } from './local-time.ts';
import { textAt } from './read.ts';

const KINDS: Record<string, 'date' | 'time' | 'datetime-local'> = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

/** A date, a time of day, or a moment in the reader's zone. */
export function Picker({ element, value, change, naming }: ControlProps): VNode {
  const kind = KINDS[textAt(element, 'type')] ?? 'date';
  const moment = kind === 'datetime-local';
  const text = typeof value === 'string' ? value : (value[0] ?? '');
  return (
    <input
      id={naming.id}
      class="bk-input bk-picker"
      type={kind}
      value={moment ? toLocal(text) : text}
      aria-label={naming.label}
      aria-describedby={naming.describedBy}
      aria-invalid={naming.invalid}
      aria-required={naming.required}
      disabled={naming.disabled}
      aria-disabled={naming.busy}
      readOnly={naming.busy}
      onChange={({ currentTarget }) => change(moment ? fromLocal(currentTarget.value) : currentTarget.value)}
    />
  );
}
