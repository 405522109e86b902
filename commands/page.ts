import { label } from '../src/domain/incident/incident.ts';
import { mentionPerson, personOf } from '../src/domain/estate/people.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { findNamed, peopleOf, rolesOf, takeNamed } from '../src/domain/estate/typed-names.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { roleHolders } from '../src/store/incident/incidents.ts';
import { pagePeople } from '../src/verbs/page/page-people.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';
import { inWords } from './typed.ts';
import { didYouMean, firstWord, needNamed, readPerson } from './words.ts';
import { whichIncident } from './which-incident.ts';

/** As long as a level of the ladder waits for names, in ms; Slack shows an error after 3 s. */
const LOOKUP_MS = 1500;

export const page: Command = {
  name: 'page',
  group: 'People',
  usage: '<role|@person> [text]',
  summary: 'Pages a role or a person now, in PagerDuty and by direct message.',
  who: 'responder',
  words: 'free',
  people: true,
  examples: ['page database The replica does not follow', 'page @cleo'],
  async run(call, deps) {
    const { who, rest } = takeWho(call.args, deps.estate());
    const text = inWords(rest, deps.estate());
    const incident = await whichIncident(call, deps);
    const target = await targetOf(who, incident.id, deps);
    await pagePeople(deps.verbs, call.request, incident.id, { ...target, text: text === '' ? null : text });
    const people = target.people.map((person) => mentionPerson(deps.estate(), person)).join(', ') || 'nobody by name';
    return toYou(`Paging ${target.role} (${people}) for ${label(incident.id)}.`);
  },
};

/** Whom to page, a role before a person of the same name, and what they are told. */
function takeWho(args: string, estate: Estate): { who: string; rest: string } {
  const role = takeNamed(args, rolesOf(estate));
  const person = role ? null : takeNamed(args, peopleOf(estate));
  if (role) return { who: needNamed(role.typed, 'role', rolesOf(estate)), rest: role.rest };
  if (person) return { who: person.typed, rest: person.rest };
  const [who, rest] = firstWord(args);
  return { who, rest };
}

async function targetOf(who: string, incident: number, deps: CommandDeps): Promise<{ role: string; people: string[] }> {
  const estate = deps.estate();
  if (Object.hasOwn(estate.roles, who)) {
    const holder = (await roleHolders(deps.pool, incident)).find((each) => each.role === who);
    const assigned = holder ? personOf(estate, holder.person) : null;
    return { role: who, people: assigned === null ? await onCall(who, deps) : [assigned] };
  }
  if (who === '') {
    throw new LifeboatError(
      'invalid',
      'whom to page is missing',
      `a role (${Object.keys(estate.roles).join(', ')}) or a person`,
    );
  }
  const people = peopleOf(estate);
  if (!/^[<@]/.test(who) && findNamed(who, people).length === 0) {
    const known = [...Object.keys(estate.roles), ...Object.keys(estate.people)];
    throw new LifeboatError('not_found', `there is no role or person \`${who}\``, didYouMean(who, known));
  }
  const person = personOf(estate, readPerson(who, estate));
  if (person === null) {
    throw new LifeboatError(
      'not_found',
      'that person is not in the estate, so I know no way to page them',
      'page a role instead',
    );
  }
  return { role: person, people: [person] };
}

/** Who is on call, or the people of the estate when the schedule names nobody known in time: a page waits for no names. */
async function onCall(role: string, deps: CommandDeps): Promise<string[]> {
  const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), LOOKUP_MS).unref());
  const found = await Promise.race([deps.onCall(role), silence]);
  const { people, roles } = deps.estate();
  // The schedule may name people by names that the estate does not have, who cannot be told.
  const known = (found?.people ?? []).filter((person) => Object.hasOwn(people, person));
  return known.length > 0 ? known : (roles[role]?.people ?? []);
}
