/** Milliseconds that a message is marked after a jump; style/message.css fades it in the same time. */
const MARKED = 2500;

/** The row of a message in the list, or `new` for the line above the first unread one. */
export const rowOf = (ts: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(
    ts === 'new' ? '[data-mark="new"]' : `.message-log [data-row="${CSS.escape(ts)}"]`,
  );

/** Brings a message into view and marks it for a moment. */
export function flash(ts: string): void {
  const row = rowOf(ts);
  if (!row) return;
  row.scrollIntoView({ block: 'center' });
  row.dataset['found'] = '';
  setTimeout(() => delete row.dataset['found'], MARKED);
}
