import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Where a program answers; 0 where it does not. */
export interface Ports {
  port: number;
  privatePort: number;
}

export type ProgramState = 'up' | 'down' | 'starting';

export interface ProgramOptions {
  /** The program and its arguments; it says its ports over IPC once it has started. */
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Where its output is appended. */
  log: string;
  onChange: (state: ProgramState) => void;
  /** Hears of the ports at each start. */
  onStarted?: (ports: Ports) => void;
}

/** A program that ends by itself is started again after this long, in ms. */
const AGAIN_MS = 1000;
const STOP_LIMIT_MS = 15_000;
/** So many lines of a program that did not start are shown. */
const SHOWN_LINES = 8;

/** One of Lifeboat's own processes in the sandbox. It is started again unless somebody took it away. */
export class Program {
  #state: ProgramState = 'down';
  #child: ChildProcess | undefined;
  #wanted = false;
  #again: NodeJS.Timeout | undefined;
  readonly #options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  get state(): ProgramState {
    return this.#state;
  }

  /** Resolves when it has started; rejects with its last lines when it ends before that. */
  async start(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    clearTimeout(this.#again);
    await this.#launch();
  }

  /** kill -9, as a machine that loses its power would. It stays away until `start`. */
  kill(): void {
    this.#wanted = false;
    clearTimeout(this.#again);
    this.#child?.kill('SIGKILL');
  }

  /** Lets it finish, and ends it when it takes too long. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#again);
    const child = this.#child;
    if (child?.pid === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(limit);
  }

  async #launch(): Promise<void> {
    const { command, env, log, onStarted } = this.#options;
    const [file = '', ...args] = command;
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    this.#become('starting');
    const output = createWriteStream(log, { flags: 'a' });
    output.on('error', () => undefined); // a full disk must not end the sandbox
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (part: string) => {
        said = (said + part).slice(-4000);
        output.write(part);
      });
    }
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message) => {
        if (this.#child === child) this.#become('up');
        onStarted?.({ port: portIn(message, 'port'), privatePort: portIn(message, 'privatePort') });
        resolve();
      });
      child.on('error', (error) => {
        this.#ended(child);
        reject(error);
      });
      child.on('exit', () => {
        output.end();
        this.#ended(child);
        const last = said.trim().split('\n').slice(-SHOWN_LINES).join('\n');
        reject(new Error(`\`${command.slice(1).join(' ')}\` ended before it was ready:\n${last}`));
      });
    });
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#become('down');
    if (this.#wanted) this.#again = setTimeout(() => void this.#launch().catch(() => undefined), AGAIN_MS);
  }

  #become(state: ProgramState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}

const portIn = (message: unknown, name: keyof Ports): number =>
  typeof message === 'object' && message !== null ? Number(Reflect.get(message, name) ?? 0) : 0;
