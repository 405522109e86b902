import type { VNode } from 'preact';
import { useCallback, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { leave, type ElementProps } from './button.tsx';
import { useConfirm } from './confirm.tsx';
import { safeLink } from './links.ts';
import { usePopup } from './popup.ts';
import { objectAt, objectsAt, textAt } from './read.ts';
import { TextLine } from './text-object.tsx';

/** The menu behind three dots. */
export function OverflowElement({ element, block_id, context }: ElementProps): VNode {
  const [open, setOpen] = useState(false);
  const [button, menu] = [useRef<HTMLButtonElement>(null), useRef<HTMLDivElement>(null)];
  const id = useId();
  const { ask, question } = useConfirm(element, context);
  const options = objectsAt(element, 'options');
  const action = textAt(element, 'action_id');
  const off = context.disabled === true || context.busy?.includes(action) === true;
  usePopup(
    button,
    menu,
    open,
    useCallback(() => setOpen(false), []),
    'own',
  );
  useLayoutEffect(() => {
    if (open) menu.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [open]);
  const shut = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const pick = (option: (typeof options)[number]): void => {
    shut();
    const url = safeLink(textAt(option, 'url'));
    ask(() => {
      context.choose(block_id, action, textAt(option, 'value'));
      if (url !== null) leave(url, context);
    });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class="bk-button bk-overflow"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={textAt(element, 'accessibility_label') || 'More actions'}
        aria-disabled={off}
        onClick={() => off || setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || off) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <svg class="bk-icon" viewBox="0 0 16 16" aria-hidden="true">
          <g fill="currentColor">
            <circle cx="3" cy="8" r="1.4" />
            <circle cx="8" cy="8" r="1.4" />
            <circle cx="13" cy="8" r="1.4" />
          </g>
        </svg>
      </button>
      {open && (
        <div ref={menu} id={id} class="bk-popup" popover="manual" role="menu" onKeyDown={(event) => walk(event, shut)}>
          {options.map((option) => (
            <button type="button" role="menuitem" tabIndex={-1} class="bk-option" onClick={() => pick(option)}>
              <span>
                <TextLine value={objectAt(option, 'text') ?? {}} context={context} />
              </span>
              {objectAt(option, 'description') && (
                <span class="bk-option-about">
                  <TextLine value={objectAt(option, 'description') ?? {}} context={context} />
                </span>
              )}
            </button>
          ))}
        </div>
      )}
      {question}
    </>
  );
}

function walk(event: KeyboardEvent, shut: () => void): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') shut();
  if (to !== undefined) items[to % items.length]?.focus();
  if (event.key !== 'Tab' && event.key !== 'Escape' && to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
}
