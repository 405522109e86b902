import { resolveHolders } from '../src/domain/estate/holders.ts';
import { rolesOf } from '../src/domain/estate/typed-names.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { incidentsNear, roleHolders } from '../src/store/incident/incidents.ts';
import { contactsText, onCallText, whoText } from '../templates/people.ts';
import { toYou, type Command } from './command.ts';
import { didYouMean, needNamed } from './words.ts';

export const contacts: Command = {
  name: 'contacts',
  group: 'People',
  usage: '[name or duty]',
  summary:
    'Lists the people of the estate with their duties and how to reach them, and whom to call for which problem.',
  who: 'member',
  examples: ['contacts database'],
  run: ({ args }, deps) => Promise.resolve(toYou(contactsText(deps.estate(), args))),
};

export const who: Command = {
  name: 'who',
  group: 'People',
  usage: '<problem>',
  summary: 'Says whom to call for a problem.',
  who: 'member',
  examples: ['who backup restore fails', 'who network'],
  run({ args }, deps) {
    const estate = deps.estate();
    const problems = matching(estate, args);
    return Promise.resolve(toYou(whoText(estate, problems)));
  },
};

/** Problems that hold every typed word, which may be a part; else those that share the most of them. */
function matching(estate: Estate, text: string): string[] {
  const known = Object.keys(estate.contacts);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) throw new LifeboatError('invalid', 'the problem is missing', `known: ${known.join('; ')}`);
  const found = known.filter((problem) => words.every((word) => problem.toLowerCase().includes(word)));
  if (found.length > 0) return found;
  const scored = known.map((problem) => ({ problem, hits: words.filter((word) => sharesWord(problem, word)).length }));
  const most = Math.max(0, ...scored.map(({ hits }) => hits));
  if (most > 0) return scored.filter(({ hits }) => hits === most).map(({ problem }) => problem);
  throw new LifeboatError(
    'not_found',
    `the contact matrix has no problem like "${text}"`,
    didYouMean(text, known).replaceAll(', ', '; '),
  );
}

/** Short words such as 'is' stand in every problem and tell none. */
const sharesWord = (problem: string, word: string): boolean =>
  word.length > 3 && problem.toLowerCase().includes(word.replace(/(?:s|ed|ing)$/, ''));

export const oncall: Command = {
  name: 'oncall',
  aliases: ['on-call'],
  group: 'People',
  usage: '[role]',
  summary:
    'Says whom the schedules name now and until when, and who holds the roles that have none; whoever took a role in the incident of this channel comes first.',
  who: 'anyone',
  async run({ args, channel }, deps) {
    const estate = deps.estate();
    const roles = args === '' ? Object.keys(estate.roles) : [needNamed(args, 'role', rolesOf(estate))];
    const { here } = await incidentsNear(deps.pool, channel, []);
    const assigned = here?.state === 'open' ? await roleHolders(deps.pool, here.id) : [];
    const holders = resolveHolders(estate, roles, assigned, await deps.schedules(estate, roles));
    return toYou(onCallText(estate, holders));
  },
};
