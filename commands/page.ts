import { isOutOfReach } from '../src/domain/escalation/reach.ts';
import { holdersIn, type Holders } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { personOf } from '../src/domain/estate/people.ts';
import { findNamed, peopleOf, rolesOf, takeNamed } from '../src/domain/estate/typed-names.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { readHolders } from '../src/store/incident/holders.ts';
import { pagePeople } from '../src/verbs/page/page-people.ts';
import { callThem, pageAnswer } from '../templates/page-answer.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';
import { schedulesOf } from './schedules-of.ts';
import { inWords } from './typed.ts';
import { didYouMean, firstWord, needNamed, readPerson } from './words.ts';
import { whichIncident } from './which-incident.ts';

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
    const estate = deps.estate();
    const { role, holders } = await targetOf(who, incident.id, deps);
    if (isUnreached(role, holders, deps)) return toYou(callThem(estate, holders.people));
    const user = estate.people[role]?.pagerduty;
    const assign = !isRole(estate, role) && user !== undefined && deps.pager.assigns ? user : null;
    const people = [...holders.people];
    const input = { role, people, text: text === '' ? null : text, assign };
    await pagePeople(deps.verbs, call.request, incident.id, input);
    const shared = Object.keys(estate.roles).filter((each) => !deps.pager.ownKey(each));
    return toYou(pageAnswer(estate, { incident: incident.id, role, holders, assigned: assign !== null, shared }));
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

const isRole = (estate: Estate, name: string): boolean => Object.hasOwn(estate.roles, name);

/** Nothing that is sent would reach them. A person by name is rung only where the pager assigns its incidents. */
function isUnreached(role: string, { people }: Holders, { estate, pager }: CommandDeps): boolean {
  const known = estate();
  if (isRole(known, role)) return isOutOfReach(known, role, people, (each) => pager.ownKey(each));
  const { slack, pagerduty } = known.people[role] ?? {};
  return slack === undefined && (pagerduty === undefined || !pager.assigns);
}

/** A role with its holders now, or one person. */
async function targetOf(who: string, incident: number, deps: CommandDeps): Promise<{ role: string; holders: Holders }> {
  const estate = deps.estate();
  if (isRole(estate, who)) {
    const holders = await readHolders(deps.pool, estate, schedulesOf(incident, deps), incident, [who]);
    return { role: who, holders: holdersIn(holders, who) };
  }
  if (who === '') {
    throw new LifeboatError(
      'invalid',
      'whom to page is missing',
      `a role (${Object.keys(estate.roles).join(', ')}) or a person`,
    );
  }
  const person = personIn(who, estate);
  return { role: person, holders: { people: [person], source: 'estate' } };
}

function personIn(who: string, estate: Estate): string {
  const name = who.replace(/^@/, '');
  if (Object.hasOwn(estate.people, name)) return name; // also who has no account in Slack
  if (!/^[<@]/.test(who) && findNamed(who, peopleOf(estate)).length === 0) {
    const known = [...Object.keys(estate.roles), ...Object.keys(estate.people)];
    throw new LifeboatError('not_found', `there is no role or person \`${who}\``, didYouMean(who, known));
  }
  const person = personOf(estate, readPerson(who, estate));
  if (person !== null) return person;
  throw new LifeboatError(
    'not_found',
    'that person is not in the estate, so I know no way to page them',
    'page a role instead',
  );
}
