import type { JsonObject } from '../json.ts';
import { intend, type EffectIntent } from './effect.ts';

/** The first card keeps its place before every other message. */
export function firstCardIntent(incident: number): EffectIntent {
  const { coalesce_key: _, ...first } = intend('card.render', `card:${incident}:first`, { incident });
  return first;
}

/** Later renders may stand for each other while they wait. */
export const cardIntent = (incident: number, version: string, due_at?: Date): EffectIntent =>
  intend('card.render', `card:${incident}:${version}`, { incident }, { due_at });

export interface PostParams {
  incident: number;
  /** Unique for ever within the incident: the message's identity. */
  key: string;
  template: string;
  /** 'incident' for the incident's channel, else '#name', a channel id or a user id. */
  to: string;
  params?: JsonObject;
}

export const postIntent = ({ incident, key, template, to, params = {} }: PostParams): EffectIntent =>
  intend('message.post', `post:${incident}:${key}:${to}`, { incident, template, to, params });
