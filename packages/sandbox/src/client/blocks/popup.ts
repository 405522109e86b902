import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

type Ref = RefObject<HTMLElement | null>;

/** Shows `popup` (a popover) beside `anchor` while `open`, above everything; a press elsewhere calls `close`. */
export function usePopup(anchor: Ref, popup: Ref, open: boolean, close: () => void, width: 'anchor' | 'own'): void {
  useLayoutEffect(() => {
    const [from, to] = [anchor.current, popup.current];
    if (!open || !from || !to) return undefined;
    to.showPopover();
    const put = (): void => place(from, to, width);
    const press = (event: PointerEvent): void => {
      const inside = event.target instanceof Node && (from.contains(event.target) || to.contains(event.target));
      if (!inside) close();
    };
    put();
    window.addEventListener('scroll', put, { capture: true, passive: true });
    window.addEventListener('resize', put);
    document.addEventListener('pointerdown', press, true);
    return () => {
      window.removeEventListener('scroll', put, { capture: true });
      window.removeEventListener('resize', put);
      document.removeEventListener('pointerdown', press, true);
    };
  }, [open]);
}

const GAP = 4;

function place(anchor: HTMLElement, popup: HTMLElement, width: 'anchor' | 'own'): void {
  const box = anchor.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const below = innerHeight - box.bottom - 2 * GAP;
  const above = box.top - 2 * GAP;
  const up = below < Math.min(240, popup.scrollHeight) && above > below;
  const { style } = popup;
  if (width === 'anchor') style.width = `${box.width}px`;
  style.maxHeight = `${Math.max(80, Math.min(320, up ? above : below))}px`;
  style.top = up ? 'auto' : `${box.bottom + GAP}px`;
  style.bottom = up ? `${innerHeight - box.top + GAP}px` : 'auto';
  style.left = `${Math.max(GAP, Math.min(box.left, innerWidth - popup.offsetWidth - GAP))}px`;
}
