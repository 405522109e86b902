import { stat } from 'node:fs/promises';
import * as z from 'zod';
import type { Json } from '../domain/json.ts';
import type { Outcome } from '../domain/effect/outcome.ts';
import { done, rejected, unknown } from '../domain/effect/outcome.ts';
import type { Action } from '../ports/action.ts';
import { parseJson, readInput, scalars } from './input.ts';
import { describeProcess } from './process-table.ts';
import { runProcess } from './process.ts';
import type { ProcessEnd } from './process.ts';

const argument = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value));

const schema = z.strictObject({
  run: z.tuple([z.string().min(1)], argument),
  cwd: z.string().optional(),
  env: scalars.optional(),
  expect_exit: z.number().int().min(0).max(255).default(0),
  stdin: z.string().optional(),
});

/** Signals by which others end a program: how far it came is not known. After the rest it crashed by itself. */
const ENDED_BY_OTHERS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** Runs an argument list in an own process group, with `environment` and the step's `env` as its whole environment. */
export function createCommand(environment: Record<string, string>, owner = ''): Action {
  return {
    name: 'command',
    async run(input, context) {
      const read = readInput(schema, input);
      if (!read.ok) return rejected(`command: ${read.reason}`);
      const { run, cwd, env, expect_exit, stdin } = read.value;
      if (cwd !== undefined && !(await isFolder(cwd))) {
        return rejected(`${run[0]}: not started: the working directory ${cwd} does not exist`);
      }
      const request = {
        run,
        owner,
        ...(context.attempt && { attempt: context.attempt }),
        env: { ...environment, ...env },
        ...(cwd === undefined ? {} : { cwd }),
        ...(stdin === undefined ? {} : { stdin }),
      };
      return judge(run[0], expect_exit, await runProcess(request, context));
    },
  };
}

function judge(program: string, expected: number, end: ProcessEnd): Outcome<Json> {
  if (end.kind === 'not_started') return rejected(`${program}: not started: ${end.reason}`);
  const { exit, exitSignal, stdout, stderr, ms } = end;
  if (end.stopped !== undefined) {
    const words = `${program}: stopped after ${ms} ms (${end.stopped}); it may have done part of its work`;
    if (end.alive.length === 0) return unknown(words);
    return unknown(
      `${words}; it could not be ended and still runs: ${end.alive.map(describeProcess).join(', ')}`,
      true,
    );
  }
  if (exit === null) {
    const by = `${program}: ended by ${exitSignal ?? 'a signal'} after ${ms} ms`;
    return exitSignal !== null && ENDED_BY_OTHERS.includes(exitSignal)
      ? unknown(`${by}, not by Lifeboat; it may have done part of its work`)
      : rejected(`${by}${lastWords(stderr, stdout)}`);
  }
  if (exit !== expected) {
    return rejected(`${program}: exit ${exit}, expected ${expected}${lastWords(stderr, stdout)}`);
  }
  const document = end.cut ? undefined : parseJson(stdout);
  return done({ exit, stdout, stderr, ms, ...(document === undefined ? {} : { json: document }) });
}

/** The last line that the program said, which most often is the reason; at most 300 characters of it. */
function lastWords(stderr: string, stdout: string): string {
  const line = (text: string): string | undefined => text.trim().split('\n').at(-1)?.trim();
  const words = line(stderr) || line(stdout);
  return words ? `: ${Array.from(words).slice(0, 300).join('')}` : '';
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
