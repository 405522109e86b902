import type { EffectIntent } from './effect.ts';
import type { JsonObject } from '../json.ts';

/** The lane of an incident's own channel: everything that is shown there keeps its order. */
export const incidentLane = (incident: number): string => `incident:${incident}`;

/** The first card keeps its place before every other message. */
export function firstCardIntent(incident: number): EffectIntent {
  return {
    key: `card:${incident}:first`,
    kind: 'card.render',
    queue: 'chat',
    payload: { incident },
    ordering_key: incidentLane(incident),
  };
}

/** Later renders may stand for each other while they wait. */
export function cardIntent(incident: number, version: string, due_at?: Date): EffectIntent {
  return {
    ...firstCardIntent(incident),
    key: `card:${incident}:${version}`,
    coalesce_key: `card:${incident}`,
    ...(due_at && { due_at }),
  };
}

export interface PostParams {
  incident: number;
  /** Unique for ever within the incident: the message's identity. */
  key: string;
  template: string;
  /** 'incident' for the incident's channel, else '#name', a channel id or a user id. */
  to: string;
  params?: JsonObject;
}

export function postIntent({ incident, key, template, to, params }: PostParams): EffectIntent {
  return {
    key: `post:${incident}:${key}:${to}`,
    kind: 'message.post',
    queue: 'chat',
    payload: { incident, template, to, params: params ?? {} },
    ordering_key: to === 'incident' ? incidentLane(incident) : `to:${to}`,
  };
}
