import { REDACTED } from './redacted.ts';

/** Shorter values would eat words. */
const SHORTEST = 4;
/** Fewer characters than this of a base64 text, or of a secret that is cut, could be chance. */
const TELLING = 8;

const BASE64 = /[A-Za-z0-9+/=_-]/;

/** Finds configured secrets in text, in each spelling that they may have there, in time linear in the text. */
export class KnownSecrets {
  readonly #spellings: string[];
  readonly #encoded: ReadonlySet<string>;
  /** Spellings by a hash of their first four characters. */
  readonly #byStart = new Map<number, string[]>();
  readonly #starts = new Uint8Array(65_536);
  /** Every eight characters of every spelling: what no end of a cut text is among need not be looked at. */
  readonly #pieces = new Set<string>();

  constructor(secrets: readonly string[]) {
    const plain = secrets.filter((secret) => secret.length >= SHORTEST).flatMap(plainSpellings);
    const encoded = secrets.flatMap(base64Spellings);
    this.#encoded = new Set(encoded);
    // Longest first, so that a secret that begins with another one leaves no tail.
    this.#spellings = [...new Set([...plain, ...encoded])].sort((a, b) => b.length - a.length);
    for (const spelling of this.#spellings) {
      const start = hashAt(spelling, 0);
      this.#starts[start] = 1;
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), spelling]);
      for (let at = 0; at + TELLING <= spelling.length; at += 1) this.#pieces.add(spelling.slice(at, at + TELLING));
    }
  }

  /** Also those that a line break parts, and those of which the beginning or the end of the text left only a part. */
  hide(text: string): string {
    if (this.#spellings.length === 0) return text;
    const flat = joinLines(text);
    const ranges = this.#find(flat.text);
    const head = this.#cutHead(flat.text);
    const tail = this.#cutTail(flat.text);
    if (head > 0) ranges.unshift([0, head]);
    if (tail < flat.text.length) ranges.push([tail, flat.text.replace(/…$/, '').length]);
    if (ranges.length === 0) return text;
    let clean = '';
    let at = 0;
    for (const [from, to] of ranges) {
      const [start, end] = [flat.original(from), flat.original(to - 1) + 1];
      if (start >= at) clean += text.slice(at, start) + REDACTED;
      at = Math.max(at, end);
    }
    return clean + text.slice(at);
  }

  /** How many characters at the end of a text may be the beginning of a secret that goes on in what follows. */
  pending(text: string): number {
    const most = this.#spellings[0]?.length ?? 0;
    if (most === 0) return 0;
    const flat = joinLines(text.slice(-2 * most));
    const last = flat.text.at(-1);
    if (last === undefined) return 0;
    let longest = 0;
    for (const spelling of this.#spellings) {
      for (let at = spelling.length - 2; at >= longest; at -= 1) {
        at = spelling.lastIndexOf(last, at);
        if (at < longest) break;
        if (flat.text.endsWith(spelling.slice(0, at + 1))) longest = at + 1;
      }
    }
    // Of a whole line fewer characters are let go: what follows them is known by its own beginning.
    if (longest === 0 || (longest < SHORTEST && text.endsWith('\n'))) return 0;
    return flat.length - flat.original(flat.text.length - longest);
  }

  #find(text: string): [number, number][] {
    const found: [number, number][] = [];
    const last = text.length - SHORTEST;
    let at = 0;
    while (at <= last) {
      const spelling = this.#starts[hashAt(text, at)] === 0 ? undefined : this.#at(text, at);
      if (spelling === undefined) {
        at += 1;
        continue;
      }
      const range: [number, number] = [at, at + spelling.length];
      if (this.#encoded.has(spelling)) widen(text, range, found.at(-1)?.[1] ?? 0);
      found.push(range);
      at = range[1];
    }
    return found;
  }

  #at(text: string, at: number): string | undefined {
    return this.#byStart.get(hashAt(text, at))?.find((each) => text.startsWith(each, at));
  }

  /** The end of a beginning of the text (behind what indents it) that is the end of a secret. */
  #cutHead(whole: string): number {
    const indent = /^[ \t]*/.exec(whole)?.[0].length ?? 0;
    const text = indent === 0 ? whole : whole.slice(indent);
    const start = text.slice(0, TELLING);
    if (!this.#pieces.has(start)) return 0;
    for (const spelling of this.#spellings) {
      for (let at = spelling.indexOf(start, 1); at !== -1; at = spelling.indexOf(start, at + 1)) {
        if (text.startsWith(spelling.slice(at))) return indent + spelling.length - at;
      }
    }
    return 0;
  }

  /** The start of an end of the text (before the `…` of whoever cut it) that is the beginning of a secret. */
  #cutTail(whole: string): number {
    const text = whole.replace(/…$/, '');
    const end = text.slice(-TELLING);
    if (!this.#pieces.has(end)) return whole.length;
    for (const spelling of this.#spellings) {
      for (
        let at = spelling.indexOf(end);
        at !== -1 && at + TELLING < spelling.length;
        at = spelling.indexOf(end, at + 1)
      ) {
        if (text.endsWith(spelling.slice(0, at + TELLING))) return text.length - at - TELLING;
      }
    }
    return whole.length;
  }
}

/** A hash of the four characters at `at`, 16 bits. */
const hashAt = (text: string, at: number): number =>
  (text.charCodeAt(at) +
    text.charCodeAt(at + 1) * 31 +
    text.charCodeAt(at + 2) * 1021 +
    text.charCodeAt(at + 3) * 32_717) &
  0xffff;

/** As it is, in an address, and inside a JSON string. */
const plainSpellings = (secret: string): string[] => [
  secret.replaceAll(LINE_BREAK, ''),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
];

/**
 * The characters that a secret surely has in base64, wherever it stands among the encoded bytes: at each of three
 * alignments, without those that its neighbours share.
 */
function base64Spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const cores = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const telling = cores.filter((core) => core.length >= TELLING);
  return telling.flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** Takes in the rest of the base64 text around: it is one encoded value. */
function widen(text: string, range: [number, number], from: number): void {
  while (range[0] > from && BASE64.test(text.charAt(range[0] - 1))) range[0] -= 1;
  while (range[1] < text.length && BASE64.test(text.charAt(range[1]))) range[1] += 1;
}

const LINE_BREAK = /\r?\n[ \t]*/g;

interface Flat {
  text: string;
  /** Characters of the text before it was joined. */
  length: number;
  /** Where a character of the joined text stood. */
  original(at: number): number;
}

/** A text without its line breaks and what indents the next line. */
function joinLines(text: string): Flat {
  if (!text.includes('\n')) return { text, length: text.length, original: (at) => at };
  const starts: number[] = [0]; // in the joined text, of each line
  const places: number[] = [0]; // in the text
  const lines: string[] = [];
  let length = 0;
  for (let from = 0; ;) {
    const next = text.indexOf('\n', from);
    const end = next === -1 ? text.length : text[next - 1] === '\r' && next > from ? next - 1 : next;
    lines.push(text.slice(from, end));
    if (next === -1) break;
    length += end - from;
    from = next + 1;
    while (text[from] === ' ' || text[from] === '\t') from += 1;
    starts.push(length);
    places.push(from);
  }
  const original = (at: number): number => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return (places[low] ?? 0) + at - (starts[low] ?? 0);
  };
  return { text: lines.join(''), length: text.length, original };
}
