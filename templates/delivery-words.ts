import type { Estate } from '../src/domain/estate/model.ts';
import { slackActor } from '../src/domain/estate/people.ts';
import type { RefusedSend } from './facts.ts';
import { who } from './people-words.ts';
import { code, listed, userLine } from './words.ts';

/** What each kind of effect sends. */
export const SENDS: Record<string, string> = {
  'channel.open': 'opening the channel',
  'channel.invite': 'inviting people',
  'channel.topic': 'the topic',
  'channel.archive': 'archiving the channel',
  'channel.retry': 'opening the channel',
  'channel.unarchive': 'unarchiving the channel',
  'card.post': 'the card',
  'card.pin': 'pinning the card',
  'card.render': 'the card',
  'update.post': 'a status update',
  'pause.post': 'the message about a pause',
  'pause.render': 'the state of a pause',
  'message.post': 'a message',
  'approval.post': 'a request for approval',
  'approval.render': 'the state of an approval',
  'pager.send': 'a page',
  'pager.assign': 'giving a page to one person',
  'pager.confirm': 'the look whether a page arrived',
  'pager.note': 'a note in the pager',
};

/** 'the incident notification to `leadership` (#leadership): channel_not_found: no such channel' */
export function refusedWords({ kind, template, to, reason }: RefusedSend, estate: Estate): string {
  const what = template === null ? (SENDS[kind] ?? userLine(kind, 40)) : `the ${template.replaceAll('-', ' ')}`;
  const why = reason === '' ? '' : `: ${userLine(reason, 200)}`;
  return `${what}${to === null || to === 'incident' ? '' : ` to ${readerWords(to, estate)}`}${why}`;
}

/** An audience by its name and place, a person by mention. */
export function readerWords(to: string, estate: Estate): string {
  if (/^[UW][A-Z0-9]+$/.test(to)) return who(estate, slackActor(to));
  const names = Object.entries(estate.audiences)
    .filter(([, { slack }]) => slack === to)
    .map(([name]) => code(name));
  const place = userLine(to, 80);
  return names.length === 0 ? place : `${listed(names)} (${place})`;
}
