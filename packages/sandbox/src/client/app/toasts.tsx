import { useLayoutEffect, useRef } from 'preact/hooks';
import { useClient, usePage, useUi } from './page.ts';

/** Notices, in the browser's top layer: an open form must not hide what is said of it. */
export function Toasts() {
  const { ui } = usePage();
  const toasts = useUi((state) => state.toasts);
  const lost = useClient((state) => state.connection === 'lost');
  const box = useRef<HTMLDivElement>(null);
  const newest = toasts.at(-1)?.id ?? 0;
  // What is shown last lies on top, also of a dialog that was opened since.
  useLayoutEffect(() => {
    box.current?.hidePopover();
    box.current?.showPopover();
  }, [newest, lost]);
  return (
    <div class="toasts" role="status" aria-label="Notices" popover="manual" ref={box}>
      {lost ? <span class="toast toast-lost">Connection lost, trying again.</span> : null}
      {toasts.map(({ id, text }) => (
        <button
          key={id}
          type="button"
          class="toast"
          title="Dismiss"
          onClick={() => ui.update((state) => ({ ...state, toasts: state.toasts.filter((one) => one.id !== id) }))}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
