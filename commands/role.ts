import { mention } from '../src/domain/estate/people.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { assignRole } from '../src/verbs/incident/assign-role.ts';
import { toYou, type Command } from './command.ts';
import { readPerson, readRoleAndPerson } from './words.ts';
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
    const { role: name, who } = readRoleAndPerson(call.args, estate);
    if (who === '')
      throw new LifeboatError(
        'invalid',
        'the person is missing',
        `\`/dr role ${name} @person\` or \`/dr role ${name} me\``,
      );
    const person = who.toLowerCase() === 'me' ? call.request.actor : readPerson(who, estate);
    const { id } = await whichIncident(call, deps);
    await assignRole(deps.verbs, call.request, id, name, person);
    return toYou(`${mention(estate, person)} is ${name} now.`);
  },
};
