import type * as z from 'zod';
import type { JsonObject } from '../json.ts';

/** What a repeat of a step would do. */
export type SideEffect = 'none' | 'idempotent' | 'once';

/** Who does a step: a worker by an executor, a person who is asked, the clock, or the bot by a message. */
export type DoneBy = 'worker' | 'person' | 'clock' | 'bot';

/** Everything that Lifeboat knows of an action before one runs: what may stand under `with`, and the usual values. */
export interface ActionDefinition {
  by: DoneBy;
  /** What stands under `with` in a runbook; who is asked, how long and how often is literal, the rest may be an expression. */
  schema: z.ZodType<object>;
  /** What a repeat would do when the step does not say. */
  sideEffect(input: JsonObject): SideEffect;
  /** How long it may take when the step does not say, in ms. */
  timeout(input: JsonObject): number;
  /** Whether it may also stand as a check, a probe or a rollback. */
  check: boolean;
}

/** The time limit of a step that a worker does, in ms. */
const WORKER_TIMEOUT_MS = 60_000;
/** How long a person is reckoned to take at most when a question has no limit of its own, in ms. */
const PERSON_TIMEOUT_MS = 86_400_000;

/** An action that a worker does; such an action can also look, so it may stand as a check. */
export function workerAction<S extends z.ZodType<object>>(schema: S, sideEffect: ActionDefinition['sideEffect']) {
  return { by: 'worker', schema, sideEffect, timeout: () => WORKER_TIMEOUT_MS, check: true } as const;
}

/** An action that asks a person; its time limit stands under `with.timeout`. */
export function personAction<S extends z.ZodType<object>>(schema: S) {
  return {
    by: 'person',
    schema,
    sideEffect: none,
    timeout: limitOf('timeout', PERSON_TIMEOUT_MS),
    check: false,
  } as const;
}

export const none = (): SideEffect => 'none';
export const once = (): SideEffect => 'once';
export const idempotent = (): SideEffect => 'idempotent';

/** Reads a time limit in ms from a key under `with`. */
export const limitOf =
  (key: string, otherwise: number = PERSON_TIMEOUT_MS) =>
  (input: JsonObject): number => {
    const own = input[key];
    return typeof own === 'number' ? own : otherwise;
  };

export const botTimeout = (): number => WORKER_TIMEOUT_MS;
