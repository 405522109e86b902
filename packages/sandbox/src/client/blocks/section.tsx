import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import { clipText } from './clip-text.ts';
import type { Drawing } from './drawing.ts';
import { ElementView } from './element.tsx';
import { objectAt, objectsAt, textAt } from './read.ts';
import { TextBody } from './text-object.tsx';

/** Text with facts in two columns below it, and one element to its right. */
export function Section({ block, context }: { block: JsonObject; context: Drawing }): VNode {
  const text = objectAt(block, 'text');
  const fields = objectsAt(block, 'fields');
  const accessory = objectAt(block, 'accessory');
  return (
    <div class="bk-section">
      <div class="bk-section-text">
        {text && <Folded value={text} unfolded={block['expand'] === true} context={context} />}
        {fields.length > 0 && (
          <div class="bk-fields">
            {fields.map((field) => (
              <div class="bk-field">
                <TextBody value={field} context={context} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="bk-accessory">
          <ElementView element={accessory} block_id={textAt(block, 'block_id')} context={context} />
        </div>
      )}
    </div>
  );
}

interface FoldedProps {
  value: JsonObject;
  unfolded: boolean;
  context: Drawing;
}

/** Slack folds long sections; the rest comes on request. */
function Folded({ value, unfolded, context }: FoldedProps): VNode {
  const [open, setOpen] = useState(false);
  const head = unfolded ? null : clipText(textAt(value, 'text'));
  if (head === null) return <TextBody value={value} context={context} />;
  return (
    <>
      <TextBody value={open ? value : { ...value, text: `${head}…` }} context={context} />
      <button type="button" class="bk-more" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Show less' : 'Show more'}
      </button>
    </>
  );
}
