import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isAway } from '../src/postgres/db.ts';
import { redactText, type Redactor } from '../src/runtime/redact.ts';
import { appendOutput, type OutputBlock } from '../src/store/run/step-output.ts';
import { outputQueue, type Stream } from './output-queue.ts';

/** Characters looked at in one turn of the event loop, about a millisecond, so that pages wait for no output. */
const SLICE = 16_384;
/** Characters of all steps of this process looked at in a second while they run; more waits in memory. */
const PER_SECOND = 1_000_000;
/** What is written together: so many characters, or what came in so many ms, so that a chatty command costs little. */
const BLOCK = 65_536;
const FLUSH_MS = 300;
/** How long to wait before writing a block again while the database is away, in ms: together as long as a lease. */
const AGAIN_MS = [200, 1000, 3000, 10_000];

export interface OutputPlace {
  run: number;
  step: string;
  attempt: number;
}

export interface OutputSink {
  /** Takes text as it appears; its pieces may end anywhere. */
  take(stream: Stream, text: string): void;
  close(): Promise<void>;
}

export interface SinkOptions {
  pool: pg.Pool;
  redactor: Redactor;
  /** Hears of output that the database did not take, in characters. */
  onLost?: ((characters: number, error: unknown) => void) | undefined;
}

/** Streams what steps print to the database, redacted. Losing output is never a reason to fail a step. */
export function outputSinks(options: SinkOptions): (at: OutputPlace) => OutputSink {
  // The steps of a process share its event loop: of all of them one slice is looked at in a turn.
  let free = 0;
  let turns = Promise.resolve();
  const pace: Pace = async (characters, signal) => {
    if (!signal.aborted) {
      const now = performance.now();
      const ms = Math.max(0, free - now);
      free = now + ms + (characters / PER_SECOND) * 1000;
      await wait(ms, signal);
    }
    turns = turns.then(() => turn());
    await turns;
  };
  return (at) => outputSink(options, pace, at);
}

type Pace = (characters: number, signal: AbortSignal) => Promise<void>;

function outputSink({ pool, redactor, onLost }: SinkOptions, pace: Pace, at: OutputPlace): OutputSink {
  const queue = outputQueue();
  const streams = { stdout: redactor.stream(), stderr: redactor.stream() };
  const closing = new AbortController();
  let blocks: OutputBlock[] = [];
  let size = 0;
  let working: Promise<void> | undefined;

  const add = (stream: OutputBlock['stream'], text: string): void => {
    if (text === '') return;
    const last = blocks.at(-1);
    if (last?.stream === stream) last.text += text;
    else blocks.push({ stream, text });
    size += text.length;
  };
  const write = async (): Promise<void> => {
    const [batch, characters] = [blocks, size];
    [blocks, size] = [[], 0];
    if (batch.length === 0) return;
    await persistently(() => appendOutput(pool, at, batch.map(storable))).catch((error: unknown) =>
      onLost?.(characters, error),
    );
  };
  const work = async (): Promise<void> => {
    while (queue.size > 0) {
      await pace(Math.min(SLICE, queue.size), closing.signal);
      const next = queue.shift(SLICE);
      if (next) add(next.stream, streams[next.stream].push(next.text));
      if (size >= BLOCK) await write();
    }
  };
  const run = async (): Promise<void> => {
    while (queue.size > 0 && !closing.signal.aborted) {
      await wait(FLUSH_MS, closing.signal);
      await work();
      await write();
    }
    working = undefined;
  };
  const finish = async (): Promise<void> => {
    await working;
    await work();
    for (const stream of ['stdout', 'stderr'] as const) add(stream, streams[stream].end());
    const { dropped, tail } = queue.rest();
    if (dropped > 0) {
      const { most } = queue;
      add('note', `… the first ${most} characters of this attempt are kept, ${dropped} are not, then its end:\n`);
    }
    add('note', redactor.text(tail));
    await write();
  };
  const lost = (error: unknown): void => onLost?.(queue.size + size, error);
  return {
    take(stream, text) {
      queue.add(stream, text);
      working ??= run().catch(lost);
    },
    async close() {
      closing.abort();
      await finish().catch(lost);
    },
  };
}

/** Waits, but not once the step is over. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

/** The database may be away for a moment. */
async function persistently(write: () => Promise<void>): Promise<void> {
  for (const ms of AGAIN_MS) {
    try {
      return await write();
    } catch (error) {
      if (!isAway(error)) throw error;
      await sleep(ms);
    }
  }
  await write();
}

/** Without the last line end, and without what PostgreSQL cannot store: NUL and halves of characters. */
const storable = ({ stream, text }: OutputBlock): OutputBlock => ({
  stream,
  text: clean(text.replaceAll('\r\n', '\n').replace(/\n$/, '')),
});

const clean = (text: string): string => text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');

/** Redacted, and storable. */
export const printable = (text: string): string => clean(redactText(text));
