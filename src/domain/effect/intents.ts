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

/** Runs have one post each, from which people see how far they are. */
export const runPost = (incident: number, run: number): PostParams => ({
  ...{ incident, key: `run-started:${run}`, template: 'run-started', to: 'incident' },
  params: { run },
});

/** How often progress is shown on a run's post, in ms: Slack takes about 50 edits a minute. */
const PROGRESS_MS = 3000;

/** Shows on the post what became of the run. */
export const runIntent = (incident: number, run: number, version: string): EffectIntent =>
  intend('run.render', `run:${run}:${version}`, { incident, run });

/** One for each span of time, at its end, however many steps end in it. */
export function runProgress(incident: number, run: number, now: Date): EffectIntent {
  const span = Math.floor(now.getTime() / PROGRESS_MS) + 1;
  const due_at = new Date(span * PROGRESS_MS);
  return intend('run.render', `run:${run}:progress:${span}`, { incident, run }, { due_at });
}

export interface PostParams {
  incident: number;
  /** Unique for ever within the incident: the message's identity. */
  key: string;
  template: string;
  /** 'incident' for the incident's channel, else '#name', a channel id or a user id. */
  to: string;
  params?: JsonObject;
  /** The key of the message in whose thread it belongs. */
  below?: string | undefined;
}

export const postKey = ({ incident, key, to }: Pick<PostParams, 'incident' | 'key' | 'to'>): string =>
  `post:${incident}:${key}:${to}`;

export const postIntent = ({ template, params = {}, below, ...post }: PostParams): EffectIntent =>
  intend('message.post', postKey(post), {
    ...{ incident: post.incident, template, to: post.to, params },
    ...(below !== undefined && { below }),
  });

/** The rest of a text whose first part stands in the message of that key: one message for each part, in order. */
export function continuedIntents(
  { incident, key, to, below }: Omit<PostParams, 'template' | 'params'>,
  text: string,
): EffectIntent[] {
  const parts = splitText(text);
  return parts.slice(1).map((part, index) =>
    postIntent({
      ...{ incident, to, below },
      key: `${key}:part${index + 2}`,
      template: 'continued',
      params: { text: part, part: index + 2, of: parts.length },
    }),
  );
}

/** What was typed at the declaration beyond its title, whole. */
export function describedIntents(
  { id, declared_by }: { id: number; declared_by: string },
  text: string,
): EffectIntent[] {
  const post = { incident: id, key: 'description', to: 'incident' };
  const params = { text, actor: declared_by };
  return [postIntent({ ...post, template: 'description', params }), ...continuedIntents(post, text)];
}
