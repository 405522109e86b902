import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SandboxError, messageOf } from './sandbox-error.ts';

/** How long changes are gathered before they are written, in ms. */
const GATHER_MS = 100;

/** A JSON file that follows a state in memory. A crash while it is written leaves the one before. */
export class KeptState<State> {
  readonly #file: string;
  readonly #read: () => State;
  #timer: NodeJS.Timeout | undefined;

  /** `read` returns the state to write, as it is at that moment. */
  constructor(file: string, read: () => State) {
    this.#file = file;
    this.#read = read;
  }

  /** To be called after a change that may be lost with a kill. */
  changed = (): void => {
    this.#timer ??= setTimeout(this.write, GATHER_MS);
  };

  /** Writes it now, before whatever comes next. */
  write = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.next`, JSON.stringify(this.#read()));
    renameSync(`${this.#file}.next`, this.#file);
  };
}

/** What was kept, or undefined on the first day; throws a SandboxError when the file cannot be read. */
export function readKept(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, cause: unknown): SandboxError =>
  new SandboxError(
    `what the sandbox kept in ${file} cannot be read: ${messageOf(cause)}`,
    'begin anew with `npm run lifeboat -- sandbox reset`',
    { cause },
  );
