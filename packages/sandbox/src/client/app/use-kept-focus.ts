import { useEffect } from 'preact/hooks';

/** What takes the focus for a control in it that vanished. */
const HOLDERS = '[data-row], [data-service], .phone';

/** Keeps the focus near where it was when the drawing takes away what had it, as pressing often does. */
export function useKeptFocus(): void {
  useEffect(() => {
    let held: HTMLElement | null = null;
    const focused = ({ target }: FocusEvent) => {
      held = target instanceof HTMLElement ? target : null;
    };
    // A press on nothing lets go of the focus on purpose.
    const pressed = () => {
      held = null;
    };
    const observer = new MutationObserver((changes) => {
      if (held === null || document.activeElement !== document.body || !document.hasFocus()) return;
      const next = held.isConnected ? held : standIn(held, changes);
      held = null;
      next?.focus();
    });
    document.addEventListener('focusin', focused);
    document.addEventListener('pointerdown', pressed, true);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', focused);
      document.removeEventListener('pointerdown', pressed, true);
      observer.disconnect();
    };
  }, []);
}

/** What held it, else the neighbour of the row that is gone: the next one, or at the end the one before. */
function standIn(gone: HTMLElement, changes: MutationRecord[]): HTMLElement | null {
  const change = changes.find(
    ({ target, removedNodes }) => target.isConnected && [...removedNodes].some((node) => node.contains(gone)),
  );
  if (!change || !(change.target instanceof Element)) return null;
  return (
    change.target.closest<HTMLElement>(HOLDERS) ??
    along(change.nextSibling, (node) => node.nextSibling) ??
    along(change.previousSibling, (node) => node.previousSibling)
  );
}

function along(from: Node | null, step: (node: Node) => Node | null): HTMLElement | null {
  for (let node = from; node !== null; node = step(node))
    if (node instanceof HTMLElement && node.matches(HOLDERS)) return node;
  return null;
}
