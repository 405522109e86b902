import { label } from '../src/domain/incident/incident.ts';
import { postUpdate } from '../src/verbs/incident/post-update.ts';
import { updateForm } from '../templates/forms.ts';
import { toYou, type Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const update: Command = {
  name: 'update',
  group: 'Incident',
  usage: 'text…',
  summary: 'Posts a status update to everyone who follows; the next one is due a full interval later.',
  who: 'responder',
  words: 'free',
  examples: ['update Power is back, storage is being checked'],
  async run(call, deps) {
    const found = await whichIncident(call, deps);
    if (call.args === '') return { kind: 'form', view: updateForm(found) };
    const incident = await postUpdate(deps.verbs, call.request, found.id, call.args);
    const due = incident.next_update_due;
    const next = due
      ? ` The next one is due <!date^${Math.floor(due.getTime() / 1000)}^at {time}|at ${due.toISOString().slice(11, 16)} UTC>.`
      : '';
    return toYou(`Update for ${label(found.id)} is on its way.${next}`);
  },
};
