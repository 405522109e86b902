import type { WireRow } from '../../page/protocol.ts';

export interface WireFilter {
  between: 'all' | WireRow['between'];
  errorsOnly: boolean;
  text: string;
}

/** Whether the exchange failed: an HTTP status or SMTP reply of 400 and more, or no answer once time was up. */
export function isError(row: WireRow): boolean {
  if (row.status >= 400 || (row.status === 0 && row.ms !== null)) return true;
  const { response } = row; // Slack answers 200 to what it refuses
  return typeof response === 'object' && response !== null && !Array.isArray(response) && response['ok'] === false;
}

/** The rows that fit, newest first. Text is looked for in what is shown, request and answer included. */
export function wireRows(rows: readonly WireRow[], { between, errorsOnly, text }: WireFilter): WireRow[] {
  const wanted = text.trim().toLowerCase();
  return rows
    .filter(
      (row) =>
        (between === 'all' || row.between === between) &&
        (!errorsOnly || isError(row)) &&
        (wanted === '' || textOf(row).includes(wanted)),
    )
    .reverse();
}

/** Rows do not change, so what they say is made once. */
const texts = new WeakMap<WireRow, string>();

function textOf(row: WireRow): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const made = JSON.stringify([row.between, row.what, row.status, row.request, row.response]).toLowerCase();
  texts.set(row, made);
  return made;
}
