import { execFile } from 'node:child_process';
import type { ServerUser } from './server-user.ts';

export interface CommandResult {
  ok: boolean;
  output: string;
}

/** Runs a program to its end, as the given user, and returns what it printed on both streams. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { as?: ServerUser | undefined; cwd?: string; timeoutMs?: number } = {},
): Promise<CommandResult> {
  const identity = options.as ? { uid: options.as.uid, gid: options.as.gid } : {};
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { ...identity, cwd: options.cwd ?? '/', timeout: options.timeoutMs ?? 60_000, encoding: 'utf8' },
      (error, stdout, stderr) => {
        const said = `${stdout}${stderr}`.trim();
        resolve({ ok: error === null, output: said === '' && error ? error.message : said });
      },
    );
  });
}
