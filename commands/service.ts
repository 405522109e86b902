import { servicesOf } from '../src/domain/estate/typed-names.ts';
import { label } from '../src/domain/incident/incident.ts';
import { changeService } from '../src/verbs/incident/change-service.ts';
import { serviceName } from '../templates/incident-words.ts';
import { roleName } from '../templates/people-words.ts';
import { toYou, type Command } from './command.ts';
import { needNamed } from './words.ts';
import { whichIncident } from './which-incident.ts';

export const service: Command = {
  name: 'service',
  group: 'Incident',
  usage: '<service>',
  summary: 'Says which service is hit: its owner is invited, and everyone who was told reads what is hit now.',
  who: 'responder',
  examples: ['service authentication'],
  async run(call, deps) {
    const estate = deps.estate();
    const named = needNamed(call.args, 'service', servicesOf(estate));
    const { id } = await whichIncident(call, deps);
    await changeService(deps.verbs, call.request, id, named);
    const owner = estate.services[named]?.owner;
    const invited = owner === undefined ? '' : ` Its owner is invited: ${roleName(estate, owner)}.`;
    return toYou(`${label(id)} is about ${serviceName(estate, named)} now.${invited}`);
  },
};
