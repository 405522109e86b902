import type pg from 'pg';
import { redactText } from '../src/runtime/redact.ts';
import { appendOutput } from '../src/store/run/runs.ts';

/** Lines are written together this often, in ms, so that a chatty command costs few transactions. */
const FLUSH_MS = 300;
/** Lines kept for each attempt; a command that prints without end must not fill the database. */
const MAX_LINES = 5000;

export interface OutputSink {
  take(stream: 'stdout' | 'stderr', text: string): void;
  close(): Promise<void>;
}

/** Streams a step's output to the database, redacted. Losing a line of output is never a reason to fail a step. */
export function outputSink(pool: pg.Pool, at: { run: number; step: string; attempt: number }): OutputSink {
  let lines: { stream: string; text: string }[] = [];
  let taken = 0;
  let writing = Promise.resolve();
  const flush = (): void => {
    const batch = lines;
    lines = [];
    if (batch.length === 0) return;
    writing = writing.then(() => appendOutput(pool, at.run, at.step, at.attempt, batch)).catch(() => undefined);
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    take(stream, text) {
      taken += 1;
      if (taken > MAX_LINES) return;
      const last = taken === MAX_LINES ? `… output after ${MAX_LINES} lines is not kept` : text;
      lines.push({ stream, text: printable(last) });
      timer ??= setTimeout(() => {
        timer = undefined;
        flush();
      }, FLUSH_MS);
    },
    async close() {
      clearTimeout(timer);
      flush();
      await writing;
    },
  };
}

/** Redacted, and without what PostgreSQL cannot store: NUL and halves of characters. */
export const printable = (text: string): string =>
  redactText(text)
    .replaceAll('\u0000', '\uFFFD')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
