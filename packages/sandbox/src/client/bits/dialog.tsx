import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  class?: string;
  close: () => void;
  children: ComponentChildren;
}

/** A window over the page; Escape or a press beside it closes it. */
export function Dialog({ label, class: extra = '', close, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={label}
      class={`dialog ${extra}`}
      onClose={close}
      onClick={(event) => {
        if (event.target === event.currentTarget) close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-inner">{children}</div>
    </dialog>
  );
}
