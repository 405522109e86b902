import type { Outcome } from '../domain/effect/outcome.ts';
import type { JsonObject } from '../domain/json.ts';

export interface PagerEvent {
  action: 'trigger' | 'acknowledge' | 'resolve';
  /** At most 255 characters; one alert in the pager for each key. */
  dedup_key: string;
  /** Who is meant, as a role of the estate; an adapter may have a routing key of its own for it. */
  role: string;
  summary: string;
  source: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  details: JsonObject;
}

export interface OnCallPerson {
  pagerduty: string;
  name: string;
  email?: string;
  /** Until when; absent where the pager names no end. */
  until?: Date;
}

/** A pager: it wakes people, knows who is on call, and keeps notes. */
export interface PagerPort {
  /**
   * Done: the pager confirmed in its own words that it took the event. Repeating one with the same key is harmless while
   * its alert is open.
   */
  send(event: PagerEvent): Promise<Outcome>;
  /** Whether `arrived` can be asked at all: it takes more than a pager needs. */
  readonly tells: boolean;
  /** Whether the pager has an incident for the key; it may take moments after `send`. */
  arrived(dedup_key: string): Promise<Outcome<boolean>>;
  /** Whether `assign` can be asked at all: it takes more than a pager needs. */
  readonly assigns: boolean;
  /** Gives the key's incident to one user of the pager, and to nobody else. Repeating it is harmless. */
  assign(dedup_key: string, user: string): Promise<Outcome>;
  /** Whether a role reaches the pager by a key of its own, not by the one that all others share. */
  ownKey(role: string): boolean;
  /** Who is on call now by the schedule's id. */
  onCall(schedule: string): Promise<Outcome<OnCallPerson[]>>;
  /** Whether notes can be written at all: it takes more than a pager needs. */
  readonly notes: boolean;
  /** Adds a note to the alert's incident once: a note with the same text is not added again. */
  note(dedup_key: string, text: string): Promise<Outcome>;
}
