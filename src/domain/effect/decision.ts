import type { EffectIntent } from './effect.ts';
import type { IncidentPatch } from '../incident/incident.ts';
import type { NewEvent } from '../incident/timeline.ts';

/** A page to one role; its dedup key is its identity in the pager. */
export interface Page {
  dedup_key: string;
  ladder: number;
  level: number;
  role: string;
  people: string[];
  say: string | null;
}

/** What a decision asks for; the store writes all of it in one transaction or nothing. */
export interface Decision {
  incident?: IncidentPatch;
  events: NewEvent[];
  effects: EffectIntent[];
  pages?: Page[];
}

/** Nothing to do: somebody was faster, or it is over. A quiet success. */
export const NOTHING: Decision = { events: [], effects: [] };

export function merge(...decisions: Decision[]): Decision {
  return {
    incident: Object.assign({}, ...decisions.map((each) => each.incident)) as IncidentPatch,
    events: decisions.flatMap((each) => each.events),
    effects: decisions.flatMap((each) => each.effects),
    pages: decisions.flatMap((each) => each.pages ?? []),
  };
}
