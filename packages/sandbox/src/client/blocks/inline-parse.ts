import { linkNode, parseEntity, plainCode, unescape } from './entity-parse.ts';
import { textNode, type Inline } from './text-tree.ts';

type Style = 'bold' | 'italic' | 'strike';
type Marks = readonly (readonly [mark: string, style: Style])[];

/** Which marks mean what; the longer ones first. */
const MRKDWN: Marks = [
  ['*', 'bold'],
  ['_', 'italic'],
  ['~', 'strike'],
];
export const MARKDOWN: Marks = [
  ['**', 'bold'],
  ['__', 'bold'],
  ['~~', 'strike'],
  ['*', 'italic'],
  ['_', 'italic'],
];

/** A zero-width space after a mark keeps it from formatting, so it counts as a space. */
const isSpace = (char: string | undefined): boolean => char === undefined || /[\s\u200B]/.test(char);
const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

/** One line of text as a tree. A mark formats only at the edges of words, and only when it is closed. */
export const parseInline = (line: string, marks: Marks = MRKDWN): Inline[] => new Line(line, marks, []).read();

class Line {
  #text: string;
  #marks: Marks;
  #open: readonly Style[];
  #nodes: Inline[] = [];
  #plain = '';
  #at = 0;
  /** Marks that nothing further on closes: looking again for each would take as long as the text squared. */
  #unclosed = new Set<string>();

  constructor(text: string, marks: Marks, open: readonly Style[]) {
    this.#text = text;
    this.#marks = marks;
    this.#open = open;
  }

  read(): Inline[] {
    while (this.#at < this.#text.length) {
      if (this.#entity() || this.#code() || this.#emoji() || this.#words() || this.#address() || this.#style())
        continue;
      this.#plain += this.#text[this.#at] ?? '';
      this.#at += 1;
    }
    this.#flush();
    return this.#nodes;
  }

  #entity(): boolean {
    if (this.#text[this.#at] !== '<') return false;
    const [whole, inner] = this.#match(/<([^<>\n]+)>/y) ?? [];
    const leads = this.#nodes.length === 0 && this.#plain.trim() === '';
    const node = inner === undefined ? null : parseEntity(inner, leads);
    return node !== null && this.#take(node, whole);
  }

  #code(): boolean {
    if (this.#text[this.#at] !== '`') return false;
    const [whole, code] = this.#match(/`([^`\n]+)`/y) ?? [];
    if (code === undefined || code.startsWith('\u200B')) return false;
    return this.#take({ kind: 'code', text: plainCode(code) }, whole);
  }

  #emoji(): boolean {
    if (this.#text[this.#at] !== ':') return false;
    const [whole, name] = this.#match(/:([a-z0-9_+'-]*[a-z+-][a-z0-9_+'-]*|100):(?::skin-tone-[2-6]:)?/y) ?? [];
    return name !== undefined && this.#take({ kind: 'emoji', name }, whole);
  }

  /** `[words](address)` of markdown; in mrkdwn that is only text. */
  #words(): boolean {
    if (this.#marks !== MARKDOWN || !/[[!]/.test(this.#text[this.#at] ?? '')) return false;
    const [whole, words, url] = this.#match(/!?\[([^[\]\n]*)\]\(([^()\s]+)\)/y) ?? [];
    if (words === undefined || url === undefined) return false;
    return this.#take(linkNode(url, unescape(words), new Line(words, this.#marks, this.#open).read()), whole);
  }

  #address(): boolean {
    if (!/h/i.test(this.#text[this.#at] ?? '') || isWord(this.#text[this.#at - 1])) return false;
    const [found] = this.#match(/https?:\/\/[^\s<>"`\u200B]+/iy) ?? [];
    const whole = found?.replace(/(?:[.,;:!?)'*_~\]]|&gt;|&lt;)+$/, '');
    if (whole === undefined || whole.length < 9) return false;
    return this.#take(linkNode(unescape(whole), ''), whole);
  }

  #style(): boolean {
    for (const [mark, style] of this.#marks) {
      if (this.#open.includes(style) || this.#unclosed.has(mark) || !this.#text.startsWith(mark, this.#at)) continue;
      const end = this.#closing(mark);
      if (end < 0) continue;
      const inner = this.#text.slice(this.#at + mark.length, end);
      const children = new Line(inner, this.#marks, [...this.#open, style]).read();
      return this.#take({ kind: style, children }, this.#text.slice(this.#at, end + mark.length));
    }
    return false;
  }

  /** Where the mark at the cursor is closed; -1 when it is not, or does not open here. */
  #closing(mark: string): number {
    const [text, from] = [this.#text, this.#at + mark.length];
    if (isWord(text[this.#at - 1]) || isSpace(text[from]) || text.startsWith(mark, from)) return -1;
    for (let at = from; at < text.length; at += 1) {
      const skip = text[at] === '<' ? text.indexOf('>', at) : text[at] === '`' ? text.indexOf('`', at + 1) : -1;
      if (skip > 0) at = skip;
      else if (at > from && text.startsWith(mark, at) && !isSpace(text[at - 1]) && !isWord(text[at + mark.length])) {
        return at;
      }
    }
    this.#unclosed.add(mark);
    return -1;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #take(node: Inline, whole: string | undefined): true {
    this.#flush();
    this.#nodes.push(node);
    this.#at += Math.max(1, whole?.length ?? 0);
    return true;
  }

  #flush(): void {
    if (this.#plain !== '') this.#nodes.push(textNode(unescape(this.#plain)));
    this.#plain = '';
  }
}
