import { dirname } from 'node:path';
import type { WorkerActionName } from '../domain/actions/index.ts';
import type { Action } from '../ports/action.ts';
import { createCommand } from './command.ts';
import { http } from './http.ts';
import { noop } from './noop.ts';
import { tcp } from './tcp.ts';

/** An executor for each action that a worker does: one that is missing does not compile. */
export type Actions = Record<WorkerActionName, Action>;

/** What a program gets when nothing else is said: the system's folders and the one of this Node. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The actions that a worker runs by itself. `environment` is what every command starts with: PATH, HOME and LANG of the
 * worker, never its whole environment, which holds the tokens of Slack, PagerDuty and the database. `owner` is the
 * worker's name, by which its programs are found when it was killed.
 */
export function createActions(environment: Record<string, string> = {}, owner = ''): Actions {
  const minimal = { PATH: `${SYSTEM_PATH}:${dirname(process.execPath)}`, LANG: 'C.UTF-8', ...environment };
  return { http, tcp, command: createCommand(minimal, owner), noop };
}

export const actions: Actions = createActions();
