import type { EdgeHandlers } from '../src/ports/edge.ts';
import { press } from './buttons.ts';
import type { CommandDeps } from './command.ts';
import { dispatch } from './dispatch.ts';
import { home } from './home.ts';
import { shortcut, submit } from './submissions.ts';
import { firstWord, verbOf } from './words.ts';
import { commands } from './index.ts';

export interface HandlerOptions {
  deps: CommandDeps;
  /** Hears how long each command took, in ms, and whether it was carried out. */
  observe: (verb: string, ok: boolean, ms: number) => void;
}

/** What the edge calls for each thing that people send. */
export function createHandlers({ deps, observe }: HandlerOptions): EdgeHandlers {
  const timed = async <T>(verb: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    let ok = false;
    try {
      const result = await work();
      ok = true;
      return result;
    } finally {
      observe(verb, ok, performance.now() - started);
    }
  };
  return {
    command: (invocation) => timed(known(invocation.text), () => dispatch(invocation, deps)),
    press: (pressed) => timed(`button ${pressed.action}`.slice(0, 40), () => press(pressed, deps)),
    submit: (submission) => timed(`form ${submission.form}`.slice(0, 40), () => submit(submission, deps)),
    home: (actor) => timed('home', () => home(actor, deps)),
    shortcut: (chosen) => timed('shortcut', () => shortcut(chosen, deps)),
  };
}

/** A metric's label must not grow with what people type. */
function known(text: string): string {
  const verb = verbOf(firstWord(text)[0]);
  return commands.find((each) => each.name === verb || each.aliases?.includes(verb))?.name ?? 'other';
}
