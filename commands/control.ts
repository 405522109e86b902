import { LifeboatError } from '../src/runtime/errors.ts';
import { liveRunsOf, liveSteps } from '../src/store/run/runs.ts';
import { controlRun, type Control } from '../src/verbs/run/control-run.ts';
import type { Answer } from '../src/ports/edge.ts';
import { toYou, type Call, type Command, type CommandDeps } from './command.ts';
import { firstWord, takeOption } from './words.ts';
import { whichIncident } from './which-incident.ts';

const DONE = {
  pause: 'is paused: what runs may finish, nothing new begins',
  resume: 'goes on',
  retry: 'runs the step once more',
  skip: 'goes on without the step',
  abort: 'is being aborted: what runs is called back, then its clean-up runs',
} as const;

function control(kind: Control['kind'], usage: string, summary: string): Command {
  return {
    name: kind,
    group: 'Recovery',
    usage,
    summary,
    who: 'responder',
    words: 'free',
    run: (call, deps) => steer(kind, call, deps),
  };
}

async function steer(kind: Control['kind'], call: Call, deps: CommandDeps): Promise<Answer> {
  const { value, rest } = takeOption(call.args, 'run');
  const run = value === null ? null : needRun(value);
  const incident = await whichIncident(call, deps);
  const wanted =
    kind === 'retry' || kind === 'skip' ? await splitStep(incident.id, rest, deps) : { step: null, reason: rest };
  const made: Control =
    kind === 'retry' || kind === 'skip'
      ? { kind, ...wanted }
      : kind === 'resume'
        ? { kind, reason: rest === '' ? null : rest }
        : { kind, reason: rest };
  const changed = await controlRun(deps.verbs, call.request, incident.id, run, made);
  return toYou(`Run ${changed.id} (${changed.name}) ${DONE[kind]}.`);
}

/** The number of a run as PostgreSQL can hold it. */
function needRun(word: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new LifeboatError('invalid', `\`${word}\` is no number of a run`, 'as `/dr status` shows it: `run:12`');
}

/** A first word that names a step under way is the step; everything else is the reason. */
async function splitStep(
  incident: number,
  text: string,
  { pool }: CommandDeps,
): Promise<{ step: string | null; reason: string }> {
  const [word, rest] = firstWord(text);
  for (const run of await liveRunsOf(pool, incident)) {
    if ((await liveSteps(pool, run.id)).some((row) => row.step_id === word)) return { step: word, reason: rest };
  }
  return { step: null, reason: text };
}

export const pause = control('pause', 'reason…', 'Lets running steps finish and begins nothing new.');
export const resume = control('resume', '[reason]', 'Goes on with a paused run.');
export const retry = control('retry', '[step] reason…', 'Runs a failed, timed-out or doubtful step once more.');
export const skip = control('skip', '[step] reason…', 'Goes on without a step. Approval cannot be skipped.');
export const abort = control('abort', 'reason…', 'Ends a run: calls back what runs, then runs its clean-up.');
