import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { Drawing } from './drawing.ts';
import type { Entered } from './element-value.ts';

/** How a control is named and described to those who cannot see it. */
export interface Naming {
  id?: string | undefined;
  /** The name, where no label element gives one. */
  label?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Takes nothing for the moment, but keeps the focus. */
  busy?: boolean | undefined;
}

export interface ControlProps {
  element: JsonObject;
  value: Entered;
  change: (value: Entered) => void;
  /** Enter in a text field that reports what was typed. */
  commit?: () => void;
  context: Drawing;
  naming: Naming;
  /** Whether one may go back to nothing. */
  clearable: boolean;
}
