import { keep, recall, type Memory } from '../state/stored.ts';

interface Kept {
  /** What stands in the box. */
  readonly text: string;
  /** What was sent and has no answer yet, oldest first. */
  readonly sending: readonly string[];
  /** What made room for something else; the last comes back once the box is empty. */
  readonly aside: readonly string[];
}

/** What people wrote and nobody took yet, by box: it outlives a reload, and a look into another channel. */
export class Drafts {
  readonly #storage: Memory;
  readonly #kept = new Map<string, Kept>();
  readonly #offered = new Map<string, string>();
  readonly #boxes = new Map<string, (text: string) => void>();

  constructor(storage: Memory) {
    this.#storage = storage;
  }

  read(name: string): string {
    return this.#of(name).text;
  }

  write(name: string, text: string): void {
    this.#set(name, { ...this.#of(name), text });
  }

  /** Empties the box, and holds the words until `end`. */
  begin(name: string, words: string): void {
    const kept = this.#of(name);
    this.#set(name, { ...kept, text: '', sending: [...kept.sending, words] });
  }

  /** Lets go of words that were sent; those that nobody took come back before what was written since. */
  end(name: string, words: string, taken: boolean): void {
    const kept = this.#of(name);
    const sending = kept.sending.toSpliced(kept.sending.indexOf(words), 1);
    this.#set(name, taken ? { ...kept, sending } : bringBack({ ...kept, sending }, words));
  }

  /** Puts words into the box that nobody typed; what somebody typed makes room. */
  offer(name: string, words: string): void {
    const kept = this.#of(name);
    const typed = !/^\s*(\/(dr)?\s*)?$/.test(kept.text) && kept.text !== this.#offered.get(name);
    this.#offered.set(name, words);
    this.#set(name, { ...kept, text: words, aside: typed ? [...kept.aside, kept.text] : kept.aside });
  }

  /** Calls back with each change of a box; returns what stops that. */
  watch(name: string, changed: (text: string) => void): () => void {
    this.#boxes.set(name, changed);
    return () => {
      if (this.#boxes.get(name) === changed) this.#boxes.delete(name);
    };
  }

  /** Words that were under way when the page was left come back: nobody heard what became of them. */
  #of(name: string): Kept {
    const known = this.#kept.get(name);
    if (known) return known;
    const kept = readKept(recall(this.#storage, `draft.${name}`));
    const found = kept.sending.toReversed().reduce(bringBack, { ...kept, sending: [] });
    this.#kept.set(name, found);
    return found;
  }

  #set(name: string, next: Kept): void {
    const last = next.text === '' ? next.aside.at(-1) : undefined;
    const kept = last === undefined ? next : { ...next, text: last, aside: next.aside.slice(0, -1) };
    this.#kept.set(name, kept);
    if (kept.text === '' && kept.sending.length === 0) this.#storage.removeItem(`lifeboat.draft.${name}`);
    else keep(this.#storage, `draft.${name}`, kept);
    this.#boxes.get(name)?.(kept.text);
  }
}

/** A command takes all behind it for its own, so it shares its box with nothing. */
function bringBack(kept: Kept, words: string): Kept {
  if (kept.text === '') return { ...kept, text: words };
  if ([words, kept.text].some((each) => each.startsWith('/')))
    return { ...kept, text: words, aside: [...kept.aside, kept.text] };
  return { ...kept, text: `${words}\n${kept.text}` };
}

function readKept(value: unknown): Kept {
  const found = typeof value === 'object' && value !== null ? value : {};
  const list = (part: unknown): string[] => (Array.isArray(part) ? part.map(String) : []);
  return {
    text: 'text' in found && typeof found.text === 'string' ? found.text : '',
    sending: list('sending' in found ? found.sending : []),
    aside: list('aside' in found ? found.aside : []),
  };
}
