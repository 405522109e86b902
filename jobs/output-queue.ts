/** Characters of one attempt that are kept from its beginning; a command that prints without end must not fill the database. */
export const MOST_KEPT = 10_000_000;
/** Characters kept of the end of what is more, where the reason of a failure stands. */
const TAIL = 65_536;

export type Stream = 'stdout' | 'stderr';

export interface OutputQueue {
  readonly size: number;
  readonly most: number;
  add(stream: Stream, text: string): void;
  /** The oldest text of one stream, at most `limit` characters of it. */
  shift(limit: number): { stream: Stream; text: string } | undefined;
  /** How many characters were left out, and the end of them. */
  rest(): { dropped: number; tail: string };
}

/** Output that waits to be looked at: the first ten megabytes of an attempt, and of the rest the end. */
export function outputQueue(most = MOST_KEPT): OutputQueue {
  const waiting: { stream: Stream; text: string }[] = [];
  let taken = 0;
  let over = 0;
  let tail = '';
  let size = 0;
  return {
    most,
    get size() {
      return size;
    },
    add(stream, text) {
      const kept = text.slice(0, Math.max(0, most - taken));
      taken += kept.length;
      if (kept !== '') {
        size += kept.length;
        const last = waiting.at(-1);
        if (last?.stream === stream && last.text.length < TAIL) last.text += kept;
        else waiting.push({ stream, text: kept });
      }
      if (kept.length === text.length) return;
      over += text.length - kept.length;
      tail = (tail + text.slice(kept.length)).slice(-TAIL);
    },
    shift(limit) {
      const first = waiting[0];
      if (!first) return undefined;
      const text = first.text.slice(0, limit);
      first.text = first.text.slice(limit);
      if (first.text === '') waiting.shift();
      size -= text.length;
      return { stream: first.stream, text };
    },
    rest() {
      // The first line of the end may be a part of one.
      const from = over > tail.length ? tail.indexOf('\n') + 1 : 0;
      return { dropped: over - (tail.length - from), tail: tail.slice(from) };
    },
  };
}
