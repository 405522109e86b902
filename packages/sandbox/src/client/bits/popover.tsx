import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface PopoverProps {
  /** What it hangs on. */
  anchor: HTMLElement;
  label: string;
  role?: 'dialog' | 'menu';
  class?: string;
  close: () => void;
  children: ComponentChildren;
}

/** Pixels to the window's edge, and to the anchor. */
const EDGE = 8;
const GAP = 4;

/** A small window in the top layer; Escape or a press elsewhere closes it, and the focus goes back. */
export function Popover({ anchor, label, role = 'dialog', class: extra = '', close, children }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const toggled = (event: ToggleEvent) => {
      if (event.newState === 'closed') close();
    };
    element.addEventListener('toggle', toggled);
    element.showPopover();
    place(element, anchor);
    (element.querySelector<HTMLElement>('[data-first]') ?? focusable(element))?.focus();
    return () => {
      element.removeEventListener('toggle', toggled);
      const inside = element.contains(document.activeElement);
      if (inside && anchor.isConnected) anchor.focus();
    };
  }, []);
  return (
    <div
      ref={ref}
      popover="auto"
      role={role}
      aria-label={label}
      class={`popover ${extra}`}
      onKeyDown={stop}
      onClick={stop}
    >
      {children}
    </div>
  );
}

/** What is typed or pressed in here is not for what lies below. */
const stop = (event: Event) => event.stopPropagation();

const focusable = (element: HTMLElement) => element.querySelector<HTMLElement>('button, input, a[href]');

/** Below the anchor, or above where there is more room. */
function place(element: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const below = innerHeight - at.bottom - GAP - EDGE;
  const top = height <= below || below >= at.top ? at.bottom + GAP : at.top - GAP - height;
  const left = at.left + width > innerWidth - EDGE ? at.right - width : at.left;
  element.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  element.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}
