import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** Bytes of a stream that become the step's output: its end, where the reason of a failure stands. */
export const KEPT_BYTES = 64 * 1024;

/** A line longer than this many characters is handed on in pieces. */
const LONGEST_LINE = 16 * 1024;

export interface Collected {
  /** The kept end of the stream as text; hands on a last line that had no line end. */
  finish(): string;
  cut(): boolean;
}

/** Hands on each line (without its end) as it appears, and keeps the last 64 KB. */
export function collectOutput(stream: Readable, onLine: (text: string) => void): Collected {
  const decoder = new StringDecoder('utf8');
  const tail = keepTail();
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) inPieces(line, onLine);
    while (rest.length > LONGEST_LINE) {
      onLine(printable(rest.slice(0, LONGEST_LINE)));
      rest = rest.slice(LONGEST_LINE);
    }
  };
  stream.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    take(decoder.write(chunk));
  });
  stream.on('error', () => undefined);
  return {
    finish: () => {
      take(decoder.end());
      if (rest !== '') inPieces(rest, onLine);
      rest = '';
      return tail.text();
    },
    cut: () => tail.cut(),
  };
}

function inPieces(line: string, onLine: (text: string) => void): void {
  for (let at = 0; at === 0 || at < line.length; at += LONGEST_LINE) {
    onLine(printable(line.slice(at, at + LONGEST_LINE)));
  }
}

/** Without colours and cursor movements; NUL, which PostgreSQL refuses in text, becomes U+FFFD. */
const printable = (text: string): string => withoutNul(stripVTControlCharacters(text.replace(/\r$/, '')));

export const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

function keepTail(): { add(chunk: Buffer): void; text(): string; cut(): boolean } {
  let chunks: Buffer[] = [];
  let size = 0;
  let total = 0;
  return {
    add(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      total += chunk.length;
      // Joined only now and then, so that endless output costs linear time and at most twice the kept bytes.
      if (size > 2 * KEPT_BYTES) {
        chunks = [Buffer.concat(chunks).subarray(-KEPT_BYTES)];
        size = KEPT_BYTES;
      }
    },
    text() {
      const kept = Buffer.concat(chunks).subarray(-KEPT_BYTES);
      let start = 0;
      if (total > KEPT_BYTES) while (start < 4 && isContinuation(kept[start])) start += 1;
      return withoutNul(kept.subarray(start).toString('utf8'));
    },
    cut: () => total > KEPT_BYTES,
  };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
