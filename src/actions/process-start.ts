import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { AttemptId } from '../ports/action.ts';
import { joinGroup, makeGroup, ownGroup } from './control-group.ts';
import { formatMark, groupName, MARK_VARIABLE, type ProcessMark } from './process-mark.ts';

export interface ProcessRequest {
  /** Program and arguments; never a shell line. */
  run: readonly [string, ...string[]];
  /** The whole environment of the child: nothing is inherited. */
  env: Record<string, string>;
  cwd?: string;
  stdin?: string;
  /** The worker and the attempt for which it runs: whoever takes the attempt over finds the program by them. */
  owner?: string;
  attempt?: AttemptId;
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

export interface Started {
  child: Child;
  /** Lets the program begin once it is in its control group; false when `confirm` threw and it never began. */
  begin(confirm?: () => void): Promise<boolean>;
}

export interface Start {
  /** The control group that was made for the program. */
  group: string | null;
  /** Throws what the system says when nothing can be started. */
  spawn(): Started;
}

/**
 * Waits for a word on descriptor 3 and becomes the program. Should the worker die before it gives the word, the
 * descriptor ends and the program never begins.
 */
const GATE = 'read -r word <&3 || exit 127; exec 3<&-; exec "$@"';
const SHELL = '/bin/sh';

/** Gets a program ready to run: one that belongs to an attempt in a control group of its own, where that is allowed. */
export async function prepareStart(request: ProcessRequest, mark: ProcessMark): Promise<Start> {
  const parent = mark.attempt && mark.owner !== '' && (await isProgram(request)) ? ownGroup() : null;
  const group = parent === null ? null : await makeGroup(parent, groupName(mark));
  const env = { ...request.env, [MARK_VARIABLE]: formatMark(mark) };
  return { group, spawn: () => (group === null ? open(request, env) : gated(request, env, group)) };
}

function open(request: ProcessRequest, env: Record<string, string>): Started {
  const [program, ...args] = request.run;
  const options = optionsOf(request, env);
  const child: Child =
    request.stdin === undefined
      ? spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  feed(child.stdin, request.stdin);
  return { child, begin: () => Promise.resolve(true) };
}

function gated(request: ProcessRequest, env: Record<string, string>, group: string): Started {
  const input = request.stdin === undefined ? 'ignore' : 'pipe';
  const child = spawn(SHELL, ['-c', GATE, 'sh', ...request.run], {
    ...optionsOf(request, env),
    stdio: [input, 'pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = child;
  const gate = child.stdio[3];
  if (stdout === null || stderr === null || !gate || !('write' in gate)) throw new Error('no pipes to the program');
  gate.on('error', () => undefined); // it may have been ended meanwhile
  feed(stdin, request.stdin);
  return {
    child: Object.assign(child, { stdin, stdout, stderr, stdio: child.stdio }) as Child,
    async begin(confirm) {
      if (child.pid !== undefined) await joinGroup(group, child.pid);
      try {
        confirm?.();
        gate.end('go\n');
        return true;
      } catch {
        gate.end();
        return false;
      }
    },
  };
}

function optionsOf({ cwd }: ProcessRequest, env: Record<string, string>) {
  return { detached: true, shell: false, env, ...(cwd !== undefined && { cwd }) } as const;
}

function feed(input: Writable | null, text: string | undefined): void {
  if (input === null) return;
  // A program that does not read its input closes the pipe; that is its right and no failure.
  input.on('error', () => undefined);
  input.end(text);
}

/** Whether the system would find the program: what it would not is spawned without a gate, and says why by itself. */
async function isProgram({ run: [program, ...args], env, cwd }: ProcessRequest): Promise<boolean> {
  if (program.startsWith('-') || [program, ...args].some((each) => each.includes('\0'))) return false;
  const places = program.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter);
  const files = [SHELL, ...places.map((place) => resolve(cwd ?? '.', place, program))];
  const usable = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return usable[0] === true && usable.slice(1).includes(true);
}
