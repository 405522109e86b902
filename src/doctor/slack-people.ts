import type { PersonLook, SlackLook } from '../adapters/slack/look.ts';
import type { Estate } from '../domain/estate/model.ts';
import { ok, untried, wrong, type Finding } from './finding.ts';

/** What is said of an account that is no member's. */
const WORDS: Partial<Record<PersonLook, [what: string, fix: string]>> = {
  deactivated: ['the account is deactivated', 'name somebody else for their roles, or correct the id'],
  bot: ['it is a bot and no person', 'correct the id: Profile › Copy member ID'],
  guest: ['a guest; the app may not be able to add them to a channel', 'invite them by hand when it matters'],
  'other company': ['somebody of another company; the app may not be able to reach them', 'correct the id'],
};

/** Looks up each person's Slack id, one after the other: Slack takes about a hundred such questions a minute. */
export async function examinePeople(look: SlackLook, estate: Estate | undefined): Promise<Finding[]> {
  const people = Object.entries(estate?.people ?? {}).flatMap(([id, { slack }]) =>
    slack === undefined ? [] : [{ id, slack }],
  );
  const bad: Finding[] = [];
  for (const { id, slack } of people) {
    const about = `Slack, ${slack} of ${id}`;
    const found = await look.person(slack);
    const words = found.kind === 'done' ? WORDS[found.value] : undefined;
    if (words !== undefined) bad.push(wrong(about, ...words));
    if (found.kind === 'retry') return [...bad, untried('Slack, people', found.reason)];
    if (found.kind !== 'done') bad.push(wrong(about, found.reason, 'correct the id: Profile › Copy member ID'));
  }
  const sound = people.length - bad.length;
  if (sound === 0) return bad;
  return [ok('Slack, people', `${sound} of ${people.length} ids are members`), ...bad];
}
