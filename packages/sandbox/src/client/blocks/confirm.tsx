import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import { Dialog } from './dialog.tsx';
import type { Drawing } from './drawing.ts';
import { objectAt, textAt, wordsAt } from './read.ts';
import { TextLine } from './text-object.tsx';

interface Asking {
  /** Does `act` at once, or after the person has agreed where the element asks for that. */
  ask: (act: () => void) => void;
  /** The question, while it is open. */
  question: VNode | null;
}

/** Asks before an element acts, when it has a `confirm`. */
export function useConfirm(element: JsonObject, context: Drawing): Asking {
  const [act, setAct] = useState<(() => void) | null>(null);
  const confirm = objectAt(element, 'confirm');
  if (confirm === undefined) return { ask: (run) => run(), question: null };
  const question = act && (
    <Question
      confirm={confirm}
      context={context}
      answer={(agreed) => {
        setAct(null);
        if (agreed) act();
      }}
    />
  );
  return { ask: (run) => setAct(() => run), question };
}

interface QuestionProps {
  confirm: JsonObject;
  context: Drawing;
  answer: (agreed: boolean) => void;
}

function Question({ confirm, context, answer }: QuestionProps): VNode {
  const id = useId();
  const words = objectAt(confirm, 'text') ?? {};
  const style = textAt(confirm, 'style') === 'danger' ? 'danger' : 'primary';
  return (
    <Dialog
      class="bk-confirm"
      labelledBy={`${id}t`}
      describedBy={`${id}d`}
      focus=".bk-confirm-yes"
      close={() => answer(false)}
    >
      <h2 id={`${id}t`} class="bk-confirm-title">
        {wordsAt(confirm, 'title') || 'Are you sure?'}
      </h2>
      <p id={`${id}d`} class="bk-confirm-text">
        <TextLine value={words} context={context} />
      </p>
      <div class="bk-confirm-buttons">
        <button type="button" class="bk-button bk-large" onClick={() => answer(false)}>
          {wordsAt(confirm, 'deny') || 'Cancel'}
        </button>
        <button
          type="button"
          class={`bk-button bk-large bk-filled bk-${style} bk-confirm-yes`}
          onClick={() => answer(true)}
        >
          {wordsAt(confirm, 'confirm') || 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
