import type { Estate } from '../src/domain/estate/model.ts';
import { personOf, slackActor } from '../src/domain/estate/people.ts';
import { who } from './people-words.ts';
import { code, listed, md, type Mrkdwn, userLine } from './words.ts';

/** What Slack's refusal says of a person, and what to do. `slack` is the key of theirs in the estate. */
const PERSON: Record<string, (slack: string) => [why: string, todo: string]> = {
  unknown: (slack) => ['it knows no active account of theirs', `correct ${slack} in the estate and reload it`],
  deactivated: (slack) => ['the account is deactivated', `name somebody else for their roles, or correct ${slack}`],
  guest: () => ['a guest may not be added by the app', 'invite them by hand with `/invite`, or ask an administrator'],
  bot: (slack) => ['it is a bot and no person', `correct ${slack} in the estate and reload it`],
  refused: (slack) => ['it refuses to', `invite them by hand with \`/invite\`, and check ${slack} in the estate`],
};

const PLACE: Record<string, [why: string, todo: string]> = {
  unknown: [
    'there is no such channel, or it is private',
    'create it or correct the audience; invite the bot if it is private',
  ],
  archived: ['the channel is archived', 'unarchive it, or give the audience another channel'],
  refused: ['it refuses messages there', 'let the app post there, or give the audience another channel'],
};

export interface ReachWords {
  whom: Mrkdwn;
  why: Mrkdwn;
  todo: Mrkdwn;
  /** The person of the estate, who may have a telephone. */
  person: string | null;
}

/** `to` is a Slack user id, or an audience's channel. */
export function reachWords(estate: Estate, to: string, why: string): ReachWords {
  if (isPerson(to)) {
    const person = personOf(estate, slackActor(to));
    const key = code(person === null ? 'slack' : `people.${person}.slack`);
    const [reason, todo] = (PERSON[why] ?? PERSON['refused'])?.(key) ?? ['', ''];
    const name = person === null ? who(estate, slackActor(to)) : userLine(estate.people[person]?.name ?? person, 80);
    return { whom: md(name), why: md(reason), todo: md(`${todo}.${person === null ? '' : ' Until then:'}`), person };
  }
  const [reason, todo] = PLACE[why] ?? PLACE['refused'] ?? ['', ''];
  const audiences = Object.entries(estate.audiences).filter(([, { slack }]) => slack === to);
  const names = audiences.map(([name]) => code(name));
  const hears =
    names.length === 0 ? '' : ` Until then ${listed(names)} ${names.length === 1 ? 'hears' : 'hear'} nothing of this.`;
  return { whom: md(`the channel ${userLine(to, 80)}`), why: md(reason), todo: md(`${todo}.${hears}`), person: null };
}

const isPerson = (to: string): boolean => /^[UW][A-Z0-9]+$/.test(to);
