import type { JsonObject } from '../json.ts';
import { splitText } from '../text/parts.ts';
import { intend, type EffectIntent } from './effect.ts';

/** The first card, and its pin once it is posted. */
export const firstCardKey = (incident: number): string => `card:${incident}:first`;

export const firstCardIntent = (incident: number): EffectIntent =>
  intend('card.post', firstCardKey(incident), { incident });

/** Later renders may stand for each other while they wait. */
export const cardIntent = (incident: number, version: string, due_at?: Date): EffectIntent =>
  intend('card.render', `card:${incident}:${version}`, { incident }, { due_at });

/** What was posted with buttons is worded again: what was asked there may be over. */
export const postsIntent = (incident: number, version: string): EffectIntent =>
  intend('posts.render', `posts:${incident}:${version}`, { incident });

/** Invites people of the estate, and everybody who is paged by then, to the incident's channel. */
export const inviteIntent = (id: number, version: string, people: readonly string[]): EffectIntent =>
  intend('channel.invite', `invite:${id}:${version}`, { incident: id, people: [...people] });

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

/** The rest of a text whose first part stands in the message of that key: one message for each part, in order. */
export function continuedIntents(
  { incident, key, to }: Omit<PostParams, 'template' | 'params'>,
  text: string,
): EffectIntent[] {
  const parts = splitText(text);
  return parts.slice(1).map((part, index) =>
    postIntent({
      ...{ incident, to },
      key: `${key}:part${index + 2}`,
      template: 'continued',
      params: { text: part, part: index + 2, of: parts.length },
    }),
  );
}
