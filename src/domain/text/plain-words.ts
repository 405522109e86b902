const CODE = /```\n?([\s\S]*?)\n?```|`([^`\n]+)`/g;
/** A pair of marks around words, as Slack reads it: not inside a word (`snake_case`), not beside a space (`2 * 3`). */
const MARKED = /(?<![\p{L}\p{N}\p{P}\p{S}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/gu;

/** The words without Slack's formatting, for where nothing formats: pages, topics, names of channels. */
export function plainWords(text: string): string {
  let out = '';
  let at = 0;
  for (const found of text.matchAll(CODE)) {
    out += unmarked(text.slice(at, found.index)) + (found[1] ?? found[2] ?? '');
    at = found.index + found[0].length;
  }
  return out + unmarked(text.slice(at));
}

/** Marks may stand inside each other: `*_words_*`. */
function unmarked(text: string): string {
  let before = '';
  let after = text;
  for (let depth = 0; depth < 3 && before !== after; depth += 1) {
    before = after;
    after = before.replaceAll(MARKED, '$2');
  }
  return after;
}
