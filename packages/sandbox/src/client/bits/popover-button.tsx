import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface Props {
  label?: string;
  title?: string;
  class?: string;
  popup: 'menu' | 'dialog';
  children: ComponentChildren;
  open: (anchor: HTMLElement, close: () => void) => ComponentChildren;
}

/** A button with a popover of its own. */
export function PopoverButton({ label, title, class: extra = '', popup, children, open }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  // A press outside closes the popover before the click arrives; that click shall not open it again.
  const pressedOpen = useRef(false);
  return (
    <>
      <button
        type="button"
        class={extra}
        aria-label={label}
        title={title ?? label}
        aria-haspopup={popup}
        aria-expanded={anchor !== null}
        onPointerDown={() => (pressedOpen.current = anchor !== null)}
        onClick={(event) => {
          setAnchor(anchor === null && !pressedOpen.current ? event.currentTarget : null);
          pressedOpen.current = false;
        }}
      >
        {children}
      </button>
      {anchor === null ? null : open(anchor, () => setAnchor(null))}
    </>
  );
}
