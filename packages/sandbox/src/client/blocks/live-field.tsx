import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { Drawing } from './drawing.ts';
import { initialValue, type Entered } from './element-value.ts';
import { Field } from './field.tsx';
import { objectAt, textAt } from './read.ts';

/** An input block outside a form: it reports what is entered where it has `dispatch_action`, and else only shows. */
export function LiveField({ block, context }: { block: JsonObject; context: Drawing }): VNode {
  const element = objectAt(block, 'element') ?? {};
  const given = initialValue(element);
  const [value, setValue] = useState<Entered>(given);
  useEffect(() => setValue(given), [JSON.stringify(given)]);
  const reports = block['dispatch_action'] === true;
  const report = (entered: Entered): void =>
    context.choose(textAt(block, 'block_id'), textAt(element, 'action_id'), entered);
  const typed = textAt(element, 'type').endsWith('_input');
  return (
    <Field
      block={block}
      value={value}
      context={context}
      disabled={!reports || context.disabled === true}
      {...(reports && { commit: () => report(value) })}
      change={(entered) => {
        setValue(entered);
        if (!typed) report(entered);
      }}
    />
  );
}
