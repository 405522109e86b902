import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../runtime/errors.ts';
import { collectOutput } from './process-output.ts';
import { findStrays, groupIsAlive, killGroup, killPid, markOf, STRAY_MARK } from './process-group.ts';

export interface ProcessRequest {
  /** Program and arguments; never a shell line. */
  run: readonly [string, ...string[]];
  /** The whole environment of the child: nothing is inherited. */
  env: Record<string, string>;
  cwd?: string;
  stdin?: string;
  /** The worker for whom it runs: when that was killed, another one finds the program by this name. */
  owner?: string;
}

export interface ProcessContext {
  signal: AbortSignal;
  output(stream: 'stdout' | 'stderr', text: string): void;
  /** Between SIGTERM and SIGKILL, in ms. */
  graceMs?: number;
  /** After the program's exit, for output that its own children still hold open, in ms. */
  drainMs?: number;
}

export type ProcessEnd =
  | { kind: 'not_started'; reason: string }
  | {
      kind: 'ended';
      exit: number | null;
      exitSignal: NodeJS.Signals | null;
      /** Set when Lifeboat stopped it: the words of the abort. */
      stopped?: string;
      stdout: string;
      stderr: string;
      /** True when stdout was longer than what is kept. */
      cut: boolean;
      ms: number;
    };

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** Runs a program in its own process group; when `signal` aborts, the program and all its descendants are ended. */
export async function runProcess(request: ProcessRequest, context: ProcessContext): Promise<ProcessEnd> {
  const { signal, graceMs = 2_000, drainMs = 1_000 } = context;
  if (signal.aborted) return { kind: 'not_started', reason: messageOf(signal.reason) };
  const mark = markOf(request.owner ?? '', randomUUID());
  const started = performance.now();
  let child: Child;
  try {
    child = start(request, mark);
  } catch (error) {
    return { kind: 'not_started', reason: messageOf(error) };
  }
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.pid === undefined) return { kind: 'not_started', reason: messageOf(await failure) };

  const stdout = collectOutput(child.stdout, (text) => context.output('stdout', text));
  const stderr = collectOutput(child.stderr, (text) => context.output('stderr', text));
  feed(child, request.stdin);
  const stop = onceAborted(signal, () => stopTree(Number(child.pid), mark, exited, graceMs));
  await Promise.race([exited, stop.acted]);
  stop.release();
  await stop.settled();
  await raceTimeout(closed, drainMs);
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    kind: 'ended',
    exit: child.exitCode,
    exitSignal: child.signalCode,
    ...(stop.happened() ? { stopped: messageOf(signal.reason) } : {}),
    ...{ stdout: stdout.finish(), stderr: stderr.finish(), cut: stdout.cut() },
    ms: Math.round(performance.now() - started),
  };
}

function start(request: ProcessRequest, mark: string): Child {
  const [program, ...args] = request.run;
  const options = {
    detached: true,
    shell: false,
    env: { ...request.env, [STRAY_MARK]: mark },
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
  } as const;
  return request.stdin === undefined
    ? spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
}

function feed(child: Child, stdin: string | undefined): void {
  if (child.stdin === null) return;
  // A program that does not read its input closes the pipe; that is its right and no failure.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
}

/** SIGTERM to the group, SIGKILL to what is left after the grace, then to those who left the group. */
async function stopTree(pid: number, mark: string, exited: Promise<void>, graceMs: number): Promise<void> {
  killGroup(pid, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while ((await groupIsAlive(pid)) && performance.now() < deadline) await sleep(20);
  killGroup(pid, 'SIGKILL');
  for (let round = 0; round < 3; round += 1) {
    const strays = await findStrays(mark);
    for (const stray of strays) killPid(stray, 'SIGKILL');
    if (strays.length === 0) break;
  }
  // A program that hangs in the kernel survives even SIGKILL for a while: the worker is freed all the same.
  await raceTimeout(exited, graceMs);
}

interface Stop {
  /** Settles when the stopping is over; never, when nothing was stopped. */
  acted: Promise<void>;
  settled(): Promise<void>;
  release(): void;
  happened(): boolean;
}

function onceAborted(signal: AbortSignal, act: () => Promise<void>): Stop {
  let acting: Promise<void> | undefined;
  const { promise, resolve } = withResolvers();
  const listener = (): void => {
    acting = act().finally(resolve);
  };
  signal.addEventListener('abort', listener, { once: true });
  return {
    acted: promise,
    settled: async () => acting,
    release: () => signal.removeEventListener('abort', listener),
    happened: () => acting !== undefined,
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((r) => (resolve = r));
  return { promise, resolve };
}

async function raceTimeout(promise: Promise<void>, ms: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}
