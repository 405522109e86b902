import type { Json, JsonObject } from '../../../../src/domain/json.ts';

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** What the bot answered to one command, press, form or event. */
export interface Answer {
  /** The HTTP status; 200 for an acknowledged envelope; 0 when no answer came in time or nobody was there. */
  status: number;
  body: Json;
  /** Milliseconds until the answer. */
  ms: number;
  via: 'http' | 'socket';
  /** What the person would be told: operation_timeout, dispatch_failed, http_error. */
  error?: string;
}

/** Ways to send a request that a careful bot must refuse; HTTP only, except for the team. */
export interface Tamper {
  /** Sign with another secret, or leave the signature out. */
  signature?: 'wrong' | 'missing';
  /** Pretend that it was signed so many seconds ago; more than 300 is stale. */
  ageSeconds?: number;
}

export interface DeliverOptions {
  via?: 'http' | 'socket';
  tamper?: Tamper;
  /** Send the same request again this many times, to be refused or deduplicated. */
  retry?: { num: number; reason: string };
}

/** One way from the workspace to the bot. */
export interface Carrier {
  readonly ready: boolean;
  deliver(kind: DeliveryKind, payload: JsonObject, options: DeliverOptions): Promise<Answer>;
  replayLast(): Promise<Answer>;
}

/** Slack waits three seconds for an answer. */
export const answerLimitMs = 3000;
