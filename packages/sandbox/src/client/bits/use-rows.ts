import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { moveFocus, rove } from './move-focus.ts';

const ROW = '[data-row]';

/** Rows that the arrow keys walk; Tab reaches one of them: the one last visited, else the last. */
export function useRows(list: RefObject<HTMLElement | null>) {
  // After each drawing, as the row that Tab reached may be gone.
  useLayoutEffect(() => {
    const group = list.current;
    if (!group || group.querySelector(`${ROW}[tabindex="0"]`) !== null) return;
    const last = [...group.querySelectorAll<HTMLElement>(ROW)].at(-1);
    if (last) last.tabIndex = 0;
  });
  return {
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches(ROW)) moveFocus(event, ROW);
    },
    onFocusIn: ({ target }: FocusEvent) => {
      const row = target instanceof Element ? target.closest<HTMLElement>(ROW) : null;
      if (row && list.current) rove(list.current, ROW, row);
    },
  };
}
