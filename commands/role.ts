import { mention } from '../src/domain/estate/people.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { assignRole } from '../src/verbs/incident/assign-role.ts';
import { toYou, type Command } from './command.ts';
import { didYouMean, firstWord, readPerson } from './words.ts';
import { whichIncident } from './which-incident.ts';

export const role: Command = {
  name: 'role',
  aliases: ['assign'],
  group: 'People',
  usage: '<role> <@person|me>',
  summary: 'Gives a role of this incident to somebody; its pages go there from then on.',
  who: 'responder',
  examples: ['role incident-commander me', 'role communications @dan'],
  async run(call, deps) {
    const estate = deps.estate();
    const [name, who] = firstWord(call.args);
    if (!Object.hasOwn(estate.roles, name)) {
      const what = name === '' ? 'the role is missing' : `there is no role \`${name}\``;
      throw new LifeboatError('not_found', what, didYouMean(name, Object.keys(estate.roles)));
    }
    if (who === '')
      throw new LifeboatError(
        'invalid',
        'the person is missing',
        `\`/dr role ${name} @person\` or \`/dr role ${name} me\``,
      );
    const person = who === 'me' ? call.request.actor : readPerson(who, estate);
    const { id } = await whichIncident(call, deps);
    await assignRole(deps.verbs, call.request, id, name, person);
    return toYou(`${mention(estate, person)} is ${name} now.`);
  },
};
