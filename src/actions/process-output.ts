import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** Bytes of a stream that become the step's output: its end, where the reason of a failure stands. */
export const KEPT_BYTES = 64 * 1024;

export interface Collected {
  /** The kept end of the stream as text; hands on a last character that was not complete. */
  finish(): string;
  cut(): boolean;
}

/** Hands on text as it appears, in pieces that may end anywhere, and keeps the last 64 KB. */
export function collectOutput(stream: Readable, onText: (text: string) => void): Collected {
  const decoder = new StringDecoder('utf8');
  const tail = keepTail();
  const hand = (text: string): void => {
    if (text !== '') onText(text);
  };
  stream.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    hand(decoder.write(chunk));
  });
  stream.on('error', () => undefined);
  return {
    finish: () => {
      hand(decoder.end());
      return tail.text();
    },
    cut: () => tail.cut(),
  };
}

/** NUL, which PostgreSQL refuses in text, becomes U+FFFD. */
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
