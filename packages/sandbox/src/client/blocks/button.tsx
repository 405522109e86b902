import type { VNode } from 'preact';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import { useConfirm } from './confirm.tsx';
import type { Drawing } from './drawing.ts';
import { placeOf, safeLink } from './links.ts';
import { objectAt, textAt } from './read.ts';
import { TextLine } from './text-object.tsx';

/** Where an element stands, and what is around it. */
export interface ElementProps {
  element: JsonObject;
  block_id: string;
  context: Drawing;
}

/** A button; one with a `url` opens it and is reported all the same, as Slack does. */
export function ButtonElement({ element, block_id, context }: ElementProps): VNode {
  const { ask, question } = useConfirm(element, context);
  const action = textAt(element, 'action_id');
  const url = safeLink(textAt(element, 'url'));
  const leaves = url !== null && placeOf(url) === null;
  const style = textAt(element, 'style');
  const filled = ['primary', 'danger'].includes(style) ? ` bk-filled bk-${style}` : '';
  const busy = context.busy?.includes(action) === true;
  const off = context.disabled === true || busy;
  const act = (): void => {
    context.press(block_id, action, typeof element['value'] === 'string' ? element['value'] : undefined);
    if (url !== null) leave(url, context);
  };
  return (
    <>
      <button
        type="button"
        class={`bk-button${filled}${busy ? ' bk-busy' : ''}`}
        aria-label={textAt(element, 'accessibility_label') || undefined}
        aria-disabled={off}
        aria-busy={busy}
        role={leaves ? 'link' : undefined}
        onClick={() => off || ask(act)}
      >
        <span class="bk-button-text">
          <TextLine value={objectAt(element, 'text') ?? {}} context={context} />
        </span>
        {leaves && <OutIcon />}
      </button>
      {question}
    </>
  );
}

/** Goes where a url leads: to a place on this page, or to another window. */
export function leave(url: string, context: Drawing): void {
  const place = placeOf(url);
  if (place) context.openChannel(place.channel, place.ts);
  else window.open(url, '_blank', 'noopener,noreferrer');
}

const OutIcon = (): VNode => (
  <svg class="bk-icon" viewBox="0 0 16 16" role="img" aria-label="opens a new window">
    <path d="M6 3H3v10h10v-3M9 2.5h4.500V7M13.5 2.5 7.5 8.5" fill="none" stroke="currentColor" stroke-width="1.5" />
  </svg>
);
