import { stripVTControlCharacters } from 'node:util';
import { PrivateKeys } from './keys.ts';
import type { KnownSecrets } from './known.ts';
import { REDACTED } from './redacted.ts';

/** A line longer than this many characters is looked at in pieces. */
const LONGEST_LINE = 16_384;
/** The end of a piece that is looked at again with the next one: whatever is recognized by sight is so by less. */
const OVERLAP = 1024;

/** Of the marker before or behind a private key. */
const PART_OF_MARKER = /-{1,5} ?[A-Z0-9 ]{0,60}-{0,5}$/;

/** Takes secrets and colours (which may part a secret) out of text that comes in pieces; what one holds back a later one gives. */
export class RedactedStream {
  readonly #keys = new PrivateKeys();
  readonly #known: KnownSecrets;
  readonly #hide: (text: string) => string;
  #held = '';
  /** The last piece of a long line ended inside a secret, so its next piece begins inside it. */
  #inSecret = false;

  constructor(known: KnownSecrets, hide: (text: string) => string) {
    this.#known = known;
    this.#hide = hide;
  }

  /** Whole lines, and of a line without end all but what might be the beginning of a secret. */
  push(text: string): string {
    this.#held += text;
    let clean = '';
    for (let end = this.#end(); end > 0; end = this.#end()) {
      const piece = this.#held.slice(0, end);
      this.#held = this.#held.slice(end);
      clean += this.#show(piece);
    }
    return clean;
  }

  /** The rest. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return this.push('') + this.#show(rest);
  }

  /** Where the held text can be parted without parting a secret. */
  #end(): number {
    const sure = this.#held.length - this.#known.pending(this.#held);
    const lines = sure === 0 ? 0 : this.#held.lastIndexOf('\n', sure - 1) + 1;
    if (lines > 0 || this.#held.length <= LONGEST_LINE) return lines;
    const end = this.#held.length - OVERLAP;
    const piece = this.#held.slice(0, end);
    return end - Math.max(this.#known.pending(piece), (PART_OF_MARKER.exec(piece.slice(-80))?.[0] ?? '').length);
  }

  #show(piece: string): string {
    const visible = this.#inSecret ? piece.replace(/^[^\s"',;&]+/, '') : piece;
    const clean = this.#hide(this.#keys.hide(stripVTControlCharacters(visible)));
    if (piece !== '')
      this.#inSecret = clean === '' ? this.#inSecret : !piece.endsWith('\n') && clean.endsWith(REDACTED);
    return clean;
  }
}
