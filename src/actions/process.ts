import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../runtime/errors.ts';
import { removeGroup } from './control-group.ts';
import { endFamily } from './process-family.ts';
import { killGroup } from './process-group.ts';
import { collectOutput } from './process-output.ts';
import { prepareStart, type ProcessRequest, type Started } from './process-start.ts';
import type { RunningProcess } from './process-table.ts';

export interface ProcessContext {
  signal: AbortSignal;
  output(stream: 'stdout' | 'stderr', text: string): void;
  /** Throws when the attempt may not be this worker's any more; called right before the program begins. */
  confirm?: () => void;
  /** Between SIGTERM and SIGKILL, in ms. */
  grace_ms?: number;
  /** After the program's exit, for output that its own children still hold open, in ms. */
  drain_ms?: number;
}

export type ProcessEnd =
  | { kind: 'not_started'; reason: string }
  | {
      kind: 'ended';
      exit: number | null;
      exitSignal: NodeJS.Signals | null;
      /** Set when Lifeboat stopped it: the words of the abort. */
      stopped?: string;
      /** What was to be stopped and still runs. */
      alive: RunningProcess[];
      stdout: string;
      stderr: string;
      /** True when stdout was longer than what is kept. */
      cut: boolean;
      ms: number;
    };

/** Runs a program in its own session; when `signal` aborts, the program and all its descendants are ended. */
export async function runProcess(request: ProcessRequest, context: ProcessContext): Promise<ProcessEnd> {
  const { signal, grace_ms = 2_000, drain_ms = 1_000 } = context;
  const mark = { owner: request.owner ?? '', id: randomUUID(), ...(request.attempt && { attempt: request.attempt }) };
  const start = await prepareStart(request, mark);
  if (signal.aborted) return notStarted(start.group, messageOf(signal.reason));
  const begun = performance.now();
  let started: Started;
  try {
    context.confirm?.();
    started = start.spawn();
  } catch (error) {
    return notStarted(start.group, messageOf(error));
  }
  const { child } = started;
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { pid } = child;
  if (pid === undefined) return notStarted(start.group, messageOf(await failure));

  const stdout = collectOutput(child.stdout, (text) => context.output('stdout', text));
  const stderr = collectOutput(child.stderr, (text) => context.output('stderr', text));
  let alive: RunningProcess[] = [];
  const stop = onceAborted(signal, async () => {
    alive = await stopTree(pid, mark.id, grace_ms);
    await raceTimeout(exited, grace_ms);
  });
  const began = await started.begin(context.confirm);
  await Promise.race([exited, stop.acted]);
  stop.release();
  await stop.settled();
  await raceTimeout(closed, drain_ms);
  child.stdout.destroy();
  child.stderr.destroy();
  if (start.group !== null) void removeGroup(start.group);
  if (!began) return { kind: 'not_started', reason: messageOf(signal.reason ?? 'the worker lost its lease') };
  return {
    kind: 'ended',
    exit: child.exitCode,
    exitSignal: child.signalCode,
    ...(stop.happened() ? { stopped: messageOf(signal.reason) } : {}),
    alive,
    ...{ stdout: stdout.finish(), stderr: stderr.finish(), cut: stdout.cut() },
    ms: Math.round(performance.now() - begun),
  };
}

function notStarted(group: string | null, reason: string): ProcessEnd {
  if (group !== null) void removeGroup(group);
  return { kind: 'not_started', reason };
}

/** SIGTERM to the program and all that it started, SIGKILL after the grace; returns what still runs. */
async function stopTree(pid: number, id: string, grace_ms: number): Promise<RunningProcess[]> {
  const family = endFamily((each) => each.session === pid || each.mark?.id === id, { grace_ms, patience_ms: grace_ms });
  killGroup(pid, 'SIGTERM');
  const alive = await family;
  killGroup(pid, 'SIGKILL'); // where there is no /proc, this is all that can be done
  return alive;
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
