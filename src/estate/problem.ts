/** What is wrong, the rule that it breaks, and what to write instead; each a phrase without a full stop. */
export interface Words {
  message: string;
  rule: string;
  fix: string;
}

/** Something in a file that must be put right before the file is used; lines and columns count from 1. */
export interface Problem extends Words {
  file: string;
  line: number;
  column: number;
}

/** `file:line:column: what. The rule. The fix.` */
export function formatProblem({ file, line, column, message, rule, fix }: Problem): string {
  return `${file}:${line}:${column}: ${[ended(message), sentence(rule), sentence(fix)].filter(Boolean).join(' ')}`;
}

/** An unknown name, with the nearest known one as the fix. */
export function unknownName(noun: string, name: string, known: readonly string[], where = 'in the estate'): Words {
  const near = nearestName(name, known);
  return {
    message: `unknown ${noun} ${quote(name)}`,
    rule: known.length === 0 ? `there is no ${noun} ${where}` : `known: ${listNames(known)}`,
    fix: near === undefined ? `add ${quote(name)} or use one that exists` : `did you mean ${quote(near)}?`,
  };
}

/** The known name that a slip of the finger would most likely have turned into `name`. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const scored = known.map((other) => ({ other, slips: distance(name.toLowerCase(), other.toLowerCase(), limit) }));
  return scored.filter(({ slips }) => slips <= limit).sort((a, b) => a.slips - b.slips)[0]?.other;
}

export function quote(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export function listNames(names: readonly string[]): string {
  return names.length > 30 ? `${names.slice(0, 30).join(', ')} … (${names.length})` : names.join(', ');
}

/** Letters to add, drop, change or swap to get from one word to the other; more than `limit` is not counted out. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let older: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let col = 1; col <= to.length; col += 1) {
      const same = from[row - 1] === to[col - 1] ? 0 : 1;
      let best = Math.min((last[col] ?? 0) + 1, (current[col - 1] ?? 0) + 1, (last[col - 1] ?? 0) + same);
      const swapped = from[row - 1] === to[col - 2] && from[row - 2] === to[col - 1];
      if (swapped) best = Math.min(best, (older[col - 2] ?? 0) + 1);
      current.push(best);
    }
    older = last;
    last = current;
  }
  return last[to.length] ?? limit + 1;
}

function sentence(phrase: string): string {
  return ended(/^[a-z]+[ :,]/.test(phrase) ? phrase.charAt(0).toUpperCase() + phrase.slice(1) : phrase);
}

function ended(phrase: string): string {
  return phrase === '' || /[.?!]$/.test(phrase) ? phrase : `${phrase}.`;
}
