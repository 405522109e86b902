import type { VNode } from 'preact';
import { useCallback, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { GestureAnswer } from '../../page/protocol.ts';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { Dialog } from '../blocks/dialog.tsx';
import type { Drawing } from '../blocks/drawing.ts';
import type { Entered } from '../blocks/element-value.ts';
import { Field } from '../blocks/field.tsx';
import { MessageBlocks } from '../blocks/message-blocks.tsx';
import { Plain } from '../blocks/mrkdwn.tsx';
import { objectAt, textAt, wordsAt } from '../blocks/read.ts';
import { inputKey, valueOf, type Draft } from './form-values.ts';
import { useSubmission } from './submission.ts';

export interface ModalProps extends Pick<Drawing, 'users' | 'channels' | 'me' | 'busy' | 'press' | 'choose'> {
  view: SlackView;
  submit: (values: Record<string, Entered>) => Promise<GestureAnswer>;
  close: () => void;
  /** Links to channels; without it they lead nowhere. */
  openChannel?: Drawing['openChannel'];
  /** What was entered before the page was loaded again. */
  entered?: Draft;
  /** Told of all that is entered, at each change. */
  keep?: (draft: Draft) => void;
}

/** A form, over everything. Give each open view its own by `key={view.id}`; the one drawn last stands on top. */
export function Modal(props: ModalProps): VNode {
  const { view, users, channels, me, busy, press, choose, close, openChannel } = props;
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(props.entered ?? {});
  useLayoutEffect(() => props.keep?.(draft), [draft]);
  const { send, sending, errors, trouble, forget } = useSubmission(view, draft, props.submit, form);
  const context = useMemo(
    (): Drawing => ({
      ...{ users, channels, me, press, choose, disabled: sending },
      ...{ openChannel: openChannel ?? (() => undefined), ...(busy !== undefined && { busy }) },
    }),
    [users, channels, me, busy, press, choose, openChannel, sending],
  );
  const input = useCallback(
    (block: JsonObject): VNode => {
      const [element, name] = [objectAt(block, 'element') ?? {}, textAt(block, 'block_id')];
      const reports = block['dispatch_action'] === true;
      const value = valueOf(view, block, draft);
      const report = (entered: Entered): void => choose(name, textAt(element, 'action_id'), entered);
      const typed = textAt(element, 'type').endsWith('_input');
      return (
        <Field
          block={block}
          value={value}
          context={context}
          error={errors[name]}
          {...(reports && typed && { commit: () => report(value) })}
          change={(entered) => {
            setDraft((before) => ({ ...before, [inputKey(block)]: entered }));
            forget(name);
            if (reports && !typed) report(entered);
          }}
        />
      );
    },
    [view, draft, context, errors, choose],
  );
  const submitWords = wordsAt(view.view, 'submit');
  const closeWords = wordsAt(view.view, 'close') || (submitWords === '' ? 'Close' : 'Cancel');
  return (
    <Dialog class="form-dialog" labelledBy={`${id}-title`} close={close} focus={FIRST}>
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      >
        <header class="form-head">
          <h2 id={`${id}-title`} class="form-title">
            <Plain text={wordsAt(view.view, 'title')} />
          </h2>
          <button type="button" class="form-close" aria-label="Close" onClick={close}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="m5 5 10 10M15 5 5 15" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
            </svg>
          </button>
        </header>
        <div class="form-body">
          {trouble !== '' && (
            <p class="form-trouble" role="alert">
              {trouble}
            </p>
          )}
          <MessageBlocks blocks={view.blocks} context={context} input={input} />
        </div>
        <footer class="form-foot">
          <button type="button" class="bk-button bk-large" onClick={close}>
            <Plain text={closeWords} />
          </button>
          {submitWords !== '' && (
            <button
              type="submit"
              class={`bk-button bk-large bk-filled bk-primary${sending ? ' bk-busy' : ''}`}
              aria-disabled={sending}
              aria-busy={sending}
            >
              <span class="bk-button-text">
                <Plain text={submitWords} />
              </span>
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** The first field; without one, the first thing in the form to press, else the close button below. */
const FIRST = '.form-field :is(input, textarea):not([disabled])';
