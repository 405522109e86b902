import { execFile } from 'node:child_process';
import { SandboxError } from '../sandbox-error.ts';

/** Runs a site's control program with these arguments and gives what it printed; throws what it said when it failed. */
export type Control = (program: string, args: readonly string[]) => Promise<string>;

const LIMIT_MS = 30_000;

/** `env` is the whole environment of the program, as runbooks give it, with ERLMCP_HOME. */
export function createControl(env: Record<string, string>): Control {
  return (program, args) =>
    new Promise((resolve, reject) => {
      // The same Node as ours: the one that PATH finds may be another, or none.
      const [file, first] = program.endsWith('.mjs') ? [process.execPath, [program]] : [program, []];
      execFile(file, [...first, ...args], { env, timeout: LIMIT_MS }, (error, stdout, stderr) => {
        if (!error) return resolve(stdout.trim());
        const said = stderr.trim().split('\n').at(-1) || error.message;
        reject(new SandboxError(said, undefined, { cause: error }));
      });
    });
}
