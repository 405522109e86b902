import { REDACTED } from './redacted.ts';

/** The markers of PEM, OpenSSH, PGP and SSH2. */
const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
const END = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;

/** A key of 16,384 bits has 12.7 KB; a beginning without an end hides no more characters than this. */
const LONGEST = 16_384;
/** A line of a key, perhaps behind a prefix such as a time stamp. */
const BODY = /(?:^|[^A-Za-z0-9+/=])[A-Za-z0-9+/=]{16,}\s*$/;

/** Hides private keys in text that comes in pieces: what begins in one piece may end in a later one. */
export class PrivateKeys {
  /** Characters of the open key that were hidden, or null. */
  #open: number | null = null;

  hide(text: string): string {
    if (this.#open === null && !text.includes('PRIVATE KEY')) return text;
    let clean = '';
    let at = 0;
    while (at < text.length) {
      if (this.#open !== null) {
        at = this.#endOfKey(text, at, LONGEST - this.#open);
        continue;
      }
      BEGIN.lastIndex = at;
      const begin = BEGIN.exec(text);
      clean += withoutOrphans(text.slice(at, begin?.index));
      if (!begin) break;
      clean += REDACTED;
      this.#open = 0;
      at = BEGIN.lastIndex;
    }
    return clean;
  }

  /** Where the text goes on after the open key, which ends after `most` characters at the latest. */
  #endOfKey(text: string, from: number, most: number): number {
    const body = text.slice(from, from + most);
    END.lastIndex = 0;
    const over = END.test(body) || body.length === most;
    this.#open = over ? null : (this.#open ?? 0) + body.length;
    return from + (END.lastIndex || body.length);
  }
}

/** Hides ends of keys without a beginning: whoever kept the end of a text may have cut it off. */
function withoutOrphans(text: string): string {
  const parts = text.split(END);
  const last = parts.pop() ?? '';
  return parts.map((part) => `${withoutBody(part)}${REDACTED}`).join('') + last;
}

function withoutBody(text: string): string {
  const lines = text.split('\n');
  let kept = lines.length - 1;
  while (kept > 0 && BODY.test(lines[kept - 1] ?? '')) kept -= 1;
  return lines.slice(0, kept).join('\n') + (kept > 0 ? '\n' : '');
}
