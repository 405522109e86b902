const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Moves the focus among the elements that fit `selector` with the arrow keys, Home and End. */
export function moveFocus(event: KeyboardEvent, selector: string, { columns = 1 } = {}): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.currentTarget instanceof HTMLElement)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)].filter(
    (one) => one.offsetParent !== null,
  );
  const at = all.findIndex((one) => one === document.activeElement);
  const step = STEPS[event.key];
  const upright = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  const target =
    event.key === 'Home' ? 0 : event.key === 'End' ? all.length - 1 : step && at + step * (upright ? columns : 1);
  if (target === undefined || (columns === 1 && at < 0 && step !== undefined)) return;
  const next = all[Math.max(0, Math.min(target, all.length - 1))];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Makes one element of a group the one that Tab reaches. */
export function rove(group: HTMLElement, selector: string, chosen: HTMLElement): void {
  for (const one of group.querySelectorAll<HTMLElement>(selector)) one.tabIndex = one === chosen ? 0 : -1;
}
