import type { ActionDefinition } from './definition.ts';
import { approval } from './approval.ts';
import { command } from './command.ts';
import { http } from './http.ts';
import { manual } from './manual.ts';
import { noop } from './noop.ts';
import { notify } from './notify.ts';
import { tcp } from './tcp.ts';
import { wait } from './wait.ts';

/** What a step may use, in the order in which people read of it; an action is added here and nowhere else in a list. */
export const ACTIONS = { http, tcp, command, noop, approval, manual, wait, notify } satisfies Record<
  string,
  ActionDefinition
>;

export type ActionName = keyof typeof ACTIONS;
/** The actions that a worker does; src/actions has an executor for each. */
export type WorkerActionName = {
  [K in ActionName]: (typeof ACTIONS)[K]['by'] extends 'worker' ? K : never;
}[ActionName];

/** The definition of an action. */
export const actionOf = (name: ActionName): ActionDefinition => ACTIONS[name];

export const actionNames = Object.keys(ACTIONS) as [ActionName, ...ActionName[]];

/** The actions that may stand as a check, a probe or a rollback. */
export const checkNames = actionNames.filter((name) => ACTIONS[name].check);
