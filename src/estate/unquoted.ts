import type { Words } from '../domain/schema/words.ts';

/** A value that YAML reads as something else unless it stands in quotes. */
export interface Unquoted extends Words {
  /** Where it begins. */
  offset: number;
}

interface Suspect {
  offset: number;
  text: string;
}

/** More of them in one file are not looked at one by one. */
const MOST = 100;

/**
 * The expressions and channels whose missing quotes break the file, and the text with these blanked, so that what else
 * is wrong can be told apart: one of them leads YAML astray to the end of the file. `errorsIn` counts YAML's errors.
 */
export function findUnquoted(text: string, errorsIn: (text: string) => number): { found: Unquoted[]; rest: string } {
  const errors = errorsIn(text);
  if (errors === 0) return { found: swallowed(text).map(describe), rest: text };
  const suspects = suspectsIn(text).slice(0, MOST);
  const rest = blank(text, suspects);
  const left = suspects.length === 0 ? errors : errorsIn(rest);
  if (left >= errors) return { found: [], rest: text };
  const guilty = suspects.filter(
    (one) =>
      errorsIn(
        blank(
          text,
          suspects.filter((other) => other !== one),
        ),
      ) > left,
  );
  return guilty.length === 0 ? { found: [], rest: text } : { found: guilty.map(describe), rest };
}

function suspectsIn(text: string): Suspect[] {
  const expressions = [...text.matchAll(/\$\{\{[^\n]*?\}\}/g)].filter(({ index }) => !isQuoted(text, index));
  const channels = [...text.matchAll(/(?<=[:,[{-][ \t]*)#[^\s,\]}#]+/g)];
  return [...expressions, ...channels]
    .map(({ index, 0: found }) => ({ offset: index, text: found }))
    .sort((a, b) => a.offset - b.offset);
}

/** A channel alone behind its key is a comment to YAML, and the value is gone without an error. */
function swallowed(text: string): Suspect[] {
  return [...text.matchAll(/^([ \t-]*(?:slack|channel):[ \t]+)(#[^\s#]+)[ \t]*$/gm)].map(
    ({ index, 1: before = '', 2: found = '' }) => ({ offset: index + before.length, text: found }),
  );
}

/** Whether a quote of the same line is open at the place. */
function isQuoted(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset) + 1, offset);
  const open = line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return /(^|[\s[{,:])["']/.test(open);
}

const blank = (text: string, suspects: readonly Suspect[]): string =>
  suspects.reduce(
    (all, { offset, text: { length } }) => all.slice(0, offset) + 'x'.repeat(length) + all.slice(offset + length),
    text,
  );

function describe({ offset, text }: Suspect): Unquoted {
  const rule = text.startsWith('#')
    ? 'to YAML # begins a comment, which goes on to the end of the line'
    : 'to YAML { } is a map';
  return { offset, message: `${text} is not in quotes`, rule, fix: `put it in quotes: ${example(text)}` };
}

const example = (text: string): string => (text.startsWith('#') ? `"${text}"` : 'the whole value, such as "${{ … }}"');
