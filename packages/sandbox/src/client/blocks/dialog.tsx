import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  /** Id of the element that names the dialog. */
  labelledBy: string;
  describedBy?: string;
  class: string;
  close: () => void;
  /** What gets the focus: a selector of the first choice, else the first thing that takes it. */
  focus: string;
  children: ComponentChildren;
}

const FOCUSABLE =
  'a[href],button:not([disabled]),input:not([disabled]),textarea:not([disabled]),select:not([disabled]),[tabindex="0"]';

/** A dialog above everything: keeps the focus inside, closes on Escape, and gives the focus back when it goes. */
export function Dialog({ labelledBy, describedBy, close, focus, children, class: look }: DialogProps): VNode {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    if (!dialog) return undefined;
    dialog.showModal();
    (dialog.querySelector<HTMLElement>(focus) ?? dialog.querySelector<HTMLElement>(FOCUSABLE))?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Tab' && box.current) wrap(event, box.current);
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
    }
    // What is pressed in a dialog is not for the page below, nor for a dialog that this one stands on.
    event.stopPropagation();
  };
  const cancel = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    if (event.target === box.current) close();
  };
  return (
    <dialog
      ref={box}
      class={look}
      aria-modal="true"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onKeyDown={keys}
      onCancel={cancel}
    >
      {children}
    </dialog>
  );
}

function wrap(event: KeyboardEvent, dialog: HTMLElement): void {
  const all = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.offsetParent !== null);
  const [first, last] = [all[0], all.at(-1)];
  const edge = event.shiftKey ? first : last;
  if (!first || !last || document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
