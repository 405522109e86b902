import { label } from '../src/domain/incident/incident.ts';
import { mention } from '../src/domain/estate/people.ts';
import { acknowledgeIncident } from '../src/verbs/incident/acknowledge-incident.ts';
import { toYou, type Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const acknowledge: Command = {
  name: 'ack',
  aliases: ['acknowledge'],
  group: 'Incident',
  usage: '[INC-n]',
  summary: 'Answers the page: escalation stops in Lifeboat and in PagerDuty.',
  who: 'responder',
  async run(call, deps) {
    const { id } = await whichIncident(call, deps);
    const { incident, fresh, pages } = await acknowledgeIncident(deps.verbs, call.request, id);
    if (fresh) return toYou(`You acknowledged ${label(id)}. Nobody else is paged for it now.`);
    const by = incident.acknowledged_by === null ? '' : ` by ${mention(deps.estate(), incident.acknowledged_by)}`;
    if (pages > 0) return toYou(`You answered your page for ${label(id)}. It was acknowledged${by} before.`);
    return toYou(`${label(id)} was acknowledged${by} already.`);
  },
};
